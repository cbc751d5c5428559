/** The quarantine before it is there. */
import { SkeletonList } from "@/components/ui/skeleton";

export default function Loading() {
  return <SkeletonList rows={2} label="Loading the quarantine" />;
}
