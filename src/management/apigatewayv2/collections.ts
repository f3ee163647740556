/** Where the documents of V2 live in the store: a function per kind, which is the only place that knows its path. */
import type { Collection, Store } from "../store.ts";

/** A VPC link of V2: a place in a network. What it leads to, its integrations say. */
export interface VpcLinkV2 {
  vpcLinkId: string;
  name: string;
  subnetIds: string[];
  securityGroupIds: string[];
  tags: Record<string, string>;
  /** Unix time, seconds. */
  createdDate: number;
}

/** VPC links by id. */
export const vpcLinks = (store: Store): Collection<VpcLinkV2> => store.collection("v2/vpclinks");
