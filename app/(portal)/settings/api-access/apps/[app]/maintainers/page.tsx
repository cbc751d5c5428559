/** Who maintains a company's app beside those who manage the company. */
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { AddMaintainer } from "@/components/add-maintainer";
import { MaintainerList } from "@/components/maintainer-list";
import { listMaintainers } from "@/lib/db/app-maintainers";
import { runtime } from "@/lib/server/runtime";
import { type AppParams, loadApp } from "../load-app";
import { addOneMaintainer, removeOneMaintainer } from "./actions";

export const metadata: Metadata = { title: "Maintainers" };

export default async function MaintainersPage({ params }: AppParams) {
  const { user, app } = await loadApp((await params).app);
  if (!app.isOwner || !app.company) notFound();
  const maintainers = await listMaintainers(runtime().db, user.id, app.id);
  return (
    <div className="grid grid-cols-1 gap-5">
      <AddMaintainer appId={app.id} company={app.company.name} action={addOneMaintainer} />
      <MaintainerList
        app={app}
        company={app.company.name}
        maintainers={maintainers}
        remove={removeOneMaintainer}
      />
    </div>
  );
}
