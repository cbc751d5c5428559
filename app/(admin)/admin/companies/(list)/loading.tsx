/** The list before it is there. */
import { SkeletonList } from "@/components/ui/skeleton";

export default function Loading() {
  return <SkeletonList />;
}
