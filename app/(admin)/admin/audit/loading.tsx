/** The apps of an installation before they are there. */
import { SkeletonList } from "@/components/ui/skeleton";

export default function Loading() {
  return <SkeletonList rows={5} />;
}
