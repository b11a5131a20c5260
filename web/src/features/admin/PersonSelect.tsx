/** A choice of one person, found by name or login. */
import { Select } from "antd";
import { useDeferredValue, useState } from "react";
import type { Named } from "@/api/session";
import { usePeople } from "./queries";
import { useAdminWords } from "./words";

interface PersonSelectProps {
  /** Whoever is chosen at first, so that the name is there before the list is. */
  known?: Named | null;
  /** Somebody who cannot be chosen. */
  except?: string;
  value?: string | null;
  onChange?: (id: string | null) => void;
  id?: string;
}

export function PersonSelect({ known, except, value, onChange, ...rest }: PersonSelectProps) {
  const t = useAdminWords();
  const [words, setWords] = useState("");
  const q = useDeferredValue(words.trim());
  const found = usePeople({ q, status: "active" });
  const options = (found.data?.items ?? [])
    .filter(({ id }) => id !== except)
    .map(({ id, name, department }) => ({ value: id, label: name, place: department?.path ?? "" }));
  if (known && !q && !options.some((option) => option.value === known.id)) {
    options.unshift({ value: known.id, label: known.name, place: "" });
  }
  return (
    <Select
      {...rest}
      aria-label={rest.id ? undefined : t("choosePerson")}
      showSearch={{ filterOption: false, onSearch: setWords }}
      allowClear
      placeholder={t("choosePerson")}
      value={value ?? undefined}
      options={options}
      notFoundContent={found.isFetching ? t("finding") : t("nobodyFound")}
      onChange={(id: string | undefined) => onChange?.(id ?? null)}
      optionRender={({ label, data }) => (
        <>
          {label} <small style={{ color: "var(--text-faint)" }}>{data.place}</small>
        </>
      )}
    />
  );
}
