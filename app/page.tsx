import { redirect } from "next/navigation";
import { maybePageViewer } from "@/lib/access/page-viewer";

export default async function HomePage() {
  redirect((await maybePageViewer()) ? "/dashboard" : "/login");
}
