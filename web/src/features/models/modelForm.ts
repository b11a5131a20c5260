/** What is typed into the form of a model, and what the server is told of it. */
import type { Capability, Model } from "./records";

export interface Address {
  id: string;
  url: string;
  upstream_model: string;
  key: string;
  in_flight_max: number;
}

export interface ModelForm {
  name: string;
  capabilities: Capability[];
  stage: Model["stage"];
  addresses: Address[];
  data_level_max: number;
  customer_level_max: number;
  price_input: string;
  price_output: string;
  currency: string;
  size_class: Model["size_class"];
  context_tokens: number;
  owner: string;
  licence: string;
  fallbacks: string[];
  timeout_seconds: number;
}

export const NEW_ADDRESS: Address = { id: "", url: "", upstream_model: "", key: "", in_flight_max: 256 };

const NEW: ModelForm = {
  name: "", capabilities: ["chat"], stage: "trial", addresses: [NEW_ADDRESS], data_level_max: 2, customer_level_max: 0,
  price_input: "0", price_output: "0", currency: "CNY", size_class: "medium", context_tokens: 32_768, owner: "", licence: "",
  fallbacks: [], timeout_seconds: 120,
};

/** The form as it opens. */
export function startOf(model: Model | null): ModelForm {
  if (!model) return NEW;
  const addresses = model.endpoints.map(({ id, url, upstream_model, in_flight_max }) => ({ id, url, upstream_model, in_flight_max, key: "" }));
  const fields = Object.keys(NEW).filter((name) => name !== "addresses") as Exclude<keyof ModelForm, "addresses">[];
  return { ...(Object.fromEntries(fields.map((name) => [name, model[name]])) as unknown as ModelForm), addresses };
}

/** What the server is told; an address keeps its state, and an empty key leaves the one there is. */
export function bodyOf(form: ModelForm, model: Model | null): Record<string, unknown> {
  const { addresses, ...rest } = form;
  const endpoints = addresses.map(({ key, ...address }) => {
    const state = model?.endpoints.find(({ id }) => id === address.id)?.state;
    return { ...address, ...(key ? { key } : {}), ...(state ? { state } : {}) };
  });
  return { ...rest, endpoints };
}
