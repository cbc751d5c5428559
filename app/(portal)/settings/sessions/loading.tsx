/** The sessions before they are there. */
import { SkeletonList } from "@/components/ui/skeleton";

export default function Loading() {
  return <SkeletonList rows={3} label="Loading your sessions" />;
}
