/** Company setup begins with the API. */
import { redirect } from "next/navigation";

export default function CompanyPage() {
  redirect("/company/api");
}
