/** Whatever the API does not have is answered as the API answers, not with a page. */
function notFound(): Response {
  return Response.json({ error: "not_found", error_description: "no such resource" }, { status: 404 });
}

export {
  notFound as DELETE,
  notFound as GET,
  notFound as HEAD,
  notFound as PATCH,
  notFound as POST,
  notFound as PUT,
};
