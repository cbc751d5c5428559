/** The posture before it is known. */
import { SkeletonList } from "@/components/ui/skeleton";

export default function Loading() {
  return <SkeletonList rows={5} />;
}
