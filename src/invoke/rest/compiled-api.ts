/** A deployment of a REST API, compiled: what an invoke needs of it, made once. */
import type { RestSnapshot, VpcLinkRecord } from "../../definitions/published.ts";
import type { HttpMethod, Method, Resource, Stage } from "../../definitions/rest-api.ts";
import { compileBinaryMediaTypes, type IsBinary } from "../integrations/binary-media-types.ts";
import { RouteTree } from "../routing/route-tree.ts";
import { compileMethod } from "./compile-method.ts";
import type { RestContext } from "./context.ts";
import { compileGatewayResponses, type GatewayResponses } from "./gateway-response.ts";

/** Answers a request to one method. @throws GatewayError */
export type Serve = (context: RestContext) => Response | Promise<Response>;

export interface ResourceRoute {
  resource: Resource;
  methods: Partial<Record<HttpMethod, Method>>;
}

export class CompiledApi {
  readonly snapshot: RestSnapshot;
  readonly routes = new RouteTree<ResourceRoute>();
  readonly isBinary: IsBinary;
  readonly gatewayResponses: GatewayResponses;
  /** Bytes of the smallest payload that is compressed; undefined when none is. */
  readonly minimumCompressionSize: number | undefined;
  /** Edge-optimized APIs tell integrations what the edge knows of the viewer. */
  readonly isEdge: boolean;
  /** Whether any method goes through a VPC link: its stages need to know the links. */
  readonly usesVpcLinks: boolean;
  readonly #served = new Map<Method, Serve>();

  constructor(snapshot: RestSnapshot) {
    this.snapshot = snapshot;
    this.isBinary = compileBinaryMediaTypes(snapshot.api.binaryMediaTypes);
    this.gatewayResponses = compileGatewayResponses(snapshot.gatewayResponses);
    this.minimumCompressionSize = snapshot.api.minimumCompressionSize;
    this.isEdge = snapshot.api.endpointConfiguration.types[0] === "EDGE";
    this.usesVpcLinks = snapshot.resources.some(({ resourceMethods = {} }) =>
      Object.values(resourceMethods).some(
        ({ methodIntegration }) => methodIntegration?.connectionType === "VPC_LINK",
      ),
    );
    for (const resource of snapshot.resources) {
      const methods = resource.resourceMethods;
      if (methods && Object.keys(methods).length > 0) this.routes.add(resource.path, { resource, methods });
    }
  }

  /** What serves the method; compiled when it is first asked for. */
  serveOf(resource: Resource, method: Method): Serve {
    let serve = this.#served.get(method);
    if (!serve) {
      serve = compileMethod(this, resource, method);
      this.#served.set(method, serve);
    }
    return serve;
  }
}

/** A stage with its deployment. */
export interface CompiledStage {
  protocol: "REST";
  api: CompiledApi;
  stage: Stage;
  /** Own members only. */
  variables: Readonly<Record<string, string>>;
  /** JSON text of the variables; `null` without any. */
  variablesJson: string;
  /** Grows with each change of the stage. */
  version: number;
  /** By id. */
  vpcLinks: ReadonlyMap<string, VpcLinkRecord>;
}

const noLinks: ReadonlyMap<string, VpcLinkRecord> = new Map();

export function compileStage(
  api: CompiledApi,
  stage: Stage,
  version = 0,
  vpcLinks: CompiledStage["vpcLinks"] = noLinks,
): CompiledStage {
  const variables = stage.variables ?? {};
  return {
    protocol: "REST",
    api,
    stage,
    variables,
    variablesJson: Object.keys(variables).length > 0 ? JSON.stringify(variables) : "null",
    version,
    vpcLinks,
  };
}
