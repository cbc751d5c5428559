/** The credentials of an installation before they are there. */
import { SkeletonList } from "@/components/ui/skeleton";

export default function Loading() {
  return <SkeletonList rows={8} label="Loading all tokens" />;
}
