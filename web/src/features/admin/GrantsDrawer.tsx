/** Who may do what with one collection or document; a refusal is stronger than every permission. */
import { App, Button, Checkbox, Drawer, Segmented } from "antd";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { useDanger } from "@/blocks/danger";
import { Mark } from "@/blocks/Mark";
import { Loaded, State } from "@/blocks/States";
import { HolderSelect, type HolderChoice } from "./holders";
import { useAdminChange, useGrants } from "./queries";
import { GRANT_ACTIONS, type Grant, type GrantAction, type ResourceRef } from "./records";
import { useAdminWords } from "./words";
import styles from "./admin.module.css";

function AddGrant({ resource }: { resource: ResourceRef }) {
  const t = useAdminWords();
  const { message } = App.useApp();
  const [holder, setHolder] = useState<HolderChoice>({ kind: "department", id: null });
  const [actions, setActions] = useState<GrantAction[]>(["read", "ask"]);
  const [effect, setEffect] = useState<"allow" | "deny">("allow");
  const add = useAdminChange(async (chosen: GrantAction[]) => {
    for (const action of chosen) {
      await api.post("/grants", { resource: { kind: resource.kind, id: resource.id }, holder, action, effect });
    }
  });
  const save = () =>
    add.mutate(actions, {
      onSuccess: () => {
        void message.success(t("granted"));
        setHolder({ ...holder, id: null });
      },
      onError: (error) => void message.error(messageOf(error)),
    });
  return (
    <div className={styles.add}>
      <HolderSelect value={holder} onChange={setHolder} />
      <Segmented
        value={effect}
        onChange={setEffect}
        options={[
          { value: "allow", label: t("allow") },
          { value: "deny", label: t("deny") },
        ]}
      />
      <Checkbox.Group
        value={actions}
        onChange={setActions}
        options={GRANT_ACTIONS.map((action) => ({ value: action, label: t(`do_${action}`) }))}
      />
      <p className={styles.hint}>{effect === "deny" ? t("denyHint") : t("allowHint")}</p>
      <Button type="primary" disabled={!holder.id || actions.length === 0} loading={add.isPending} onClick={save}>
        {t("grant")}
      </Button>
    </div>
  );
}

function Holders({ grants, resource }: { grants: Grant[]; resource: ResourceRef }) {
  const t = useAdminWords();
  const ask = useDanger();
  const { message } = App.useApp();
  const remove = useAdminChange((id: string) => api.remove(`/grants/${id}`));
  const byHolder = new Map<string, Grant[]>();
  for (const grant of grants) {
    const key = `${grant.holder.kind}/${grant.holder.id}`;
    byHolder.set(key, [...(byHolder.get(key) ?? []), grant]);
  }
  const askRemove = (grant: Grant) =>
    ask({
      title: t("takeAway"),
      consequence: t("takeAwayHint", { holder: grant.holder.name, action: t(`do_${grant.action}`), resource: resource.name }),
      verb: t("takeAway"),
      act: () => remove.mutateAsync(grant.id).catch((error: unknown) => message.error(messageOf(error))),
    });
  return (
    <ul className={styles.plain}>
      {[...byHolder].map(([key, rows]) => (
        <li key={key} className={styles.holder}>
          <span>
            <span className={styles.dim}>{t(rows[0]?.holder.kind ?? "person")}</span> <strong>{rows[0]?.holder.name}</strong>
          </span>
          <span className={styles.marks}>
            {rows.map((grant) => (
              <Mark key={grant.id} tone={grant.effect === "deny" ? "danger" : "ink"}>
                {grant.effect === "deny" ? `${t("deny")} ` : ""}
                {t(`do_${grant.action}`)}
                <button
                  type="button"
                  className={styles.drop}
                  aria-label={`${t("takeAway")} ${grant.holder.name} ${t(`do_${grant.action}`)}`}
                  onClick={() => askRemove(grant)}
                >
                  ×
                </button>
              </Mark>
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}

interface GrantsDrawerProps {
  resource: ResourceRef;
  open: boolean;
  onClose: () => void;
}

export function GrantsDrawer({ resource, open, onClose }: GrantsDrawerProps) {
  const t = useAdminWords();
  const grants = useGrants(resource, open);
  return (
    <Drawer open={open} size={520} destroyOnHidden onClose={onClose} title={t("rightsOf", { name: resource.name })}>
      <AddGrant resource={resource} />
      <h3 className={styles.sub}>{t("whoHas")}</h3>
      <Loaded
        query={grants}
        rows={4}
        isEmpty={({ items }) => items.length === 0}
        empty={<State title={t("noGrants")} hint={resource.kind === "document" ? t("noGrantsDocument") : t("noGrantsHint")} />}
      >
        {({ items }) => <Holders grants={items} resource={resource} />}
      </Loaded>
    </Drawer>
  );
}
