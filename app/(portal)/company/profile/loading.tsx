/** The profile before it is there. */
import { SkeletonList } from "@/components/ui/skeleton";

export default function Loading() {
  return <SkeletonList rows={3} label="Loading the company" />;
}
