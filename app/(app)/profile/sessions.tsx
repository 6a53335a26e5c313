import { getTranslations } from "next-intl/server";
import type { z } from "zod";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { SubmitButton } from "@/components/ui/submit-button";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { pageFormat } from "@/i18n/format";
import type { SessionView } from "@/lib/users/schema";
import { ActionForm } from "./action-form";
import { endOtherSessionsAction, endSessionByIdAction } from "./actions";
import { deviceName } from "./device-name";

/** The person's signed-in devices, each with its end. */
export async function Sessions({ sessions }: { sessions: z.output<typeof SessionView>[] }) {
  const t = await getTranslations("profile.sessions");
  const format = await pageFormat();
  return (
    <div className="space-y-4">
      <ActionForm action={endSessionByIdAction}>
        <Table
          stacked
          label={t("label")}
          head={
            <>
              <Th>{t("device")}</Th>
              <Th>{t("address")}</Th>
              <Th>{t("seen")}</Th>
              <Th>{t("started")}</Th>
              <Th>{t("actions")}</Th>
            </>
          }
        >
          {sessions.map((session) => {
            const device = deviceName(session.user_agent) ?? t(session.kind === "api" ? "program" : "unknown");
            return (
              <Tr key={session.id}>
                <Td wide title={session.user_agent ?? undefined}>
                  {device} {session.current && <Badge tone="accent">{t("current")}</Badge>}
                </Td>
                <Td label={t("address")}>{session.ip ?? "–"}</Td>
                <Td label={t("seen")}>{format.dateTime(session.last_seen_at)}</Td>
                <Td label={t("started")}>{format.dateTime(session.created_at)}</Td>
                <Td wide>
                  {!session.current && (
                    <Button
                      type="submit"
                      name="id"
                      value={session.id}
                      variant="secondary"
                      size="small"
                      aria-label={t("endLabel", { device })}
                    >
                      {t("end")}
                    </Button>
                  )}
                </Td>
              </Tr>
            );
          })}
        </Table>
      </ActionForm>
      {sessions.length > 1 && (
        <ActionForm action={endOtherSessionsAction}>
          <SubmitButton variant="secondary" size="small">
            {t("endOthers")}
          </SubmitButton>
        </ActionForm>
      )}
    </div>
  );
}
