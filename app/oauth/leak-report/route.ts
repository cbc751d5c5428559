export {
  serve as DELETE,
  serve as GET,
  serve as HEAD,
  serve as PATCH,
  serve as POST,
  serve as PUT,
} from "@/lib/server/route";
