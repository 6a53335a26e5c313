import { connection } from "next/server";

/** What `npm run bench` holds the dashboard against: a dynamic page with nothing on it. Only a build with BENCH has it. */
export default async function YardstickPage() {
  await connection();
  return <p>ok</p>;
}
