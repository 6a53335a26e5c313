import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { useFormat } from "@/i18n/use-format";
import { SCOPES, type TokenView } from "@/lib/tokens/schema";
import { TokenActions } from "./token-actions";

export function TokenTable({ tokens, origin }: { tokens: TokenView[]; origin: string }) {
  const t = useTranslations("tokens");
  const common = useTranslations("common");
  const format = useFormat();
  return (
    <Table
      label={t("table.label")}
      head={
        <>
          <Th>{t("table.name")}</Th>
          <Th className="max-sm:hidden">{t("table.prefix")}</Th>
          <Th className="max-lg:hidden">{t("table.scopes")}</Th>
          <Th>{t("table.status")}</Th>
          <Th className="max-md:hidden">{t("table.lastUsed")}</Th>
          <Th className="max-md:hidden">{t("table.expires")}</Th>
          <Th className="max-lg:hidden">{t("table.created")}</Th>
          <Th>{t("table.actions")}</Th>
        </>
      }
    >
      {tokens.map((token) => (
        <Tr key={token.id}>
          <Td className="font-medium wrap-break-word">{token.name}</Td>
          <Td className="font-mono text-xs max-sm:hidden">{token.prefix}…</Td>
          <Td className="max-lg:hidden">
            <span className="flex flex-wrap gap-1">
              {SCOPES.filter((scope) => token.scopes.includes(scope)).map((scope) => (
                <Badge key={scope}>{t(`scope.${scope}`)}</Badge>
              ))}
            </span>
          </Td>
          <Td>
            <Badge tone={token.is_active ? "success" : "neutral"}>
              {t(token.is_active ? "table.active" : "table.ended")}
            </Badge>
          </Td>
          <Td className="whitespace-nowrap max-md:hidden">
            {token.last_used_at ? format.ago(token.last_used_at) : common("never")}
          </Td>
          <Td className="whitespace-nowrap max-md:hidden">
            {token.expires_at ? format.date(token.expires_at) : common("never")}
          </Td>
          <Td className="whitespace-nowrap max-lg:hidden">{format.date(token.created_at)}</Td>
          <Td>
            <TokenActions token={token} origin={origin} />
          </Td>
        </Tr>
      ))}
    </Table>
  );
}
