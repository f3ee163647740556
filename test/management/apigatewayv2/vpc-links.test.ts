import { expect, test } from "vitest";
import { account } from "../apigateway/calling.ts";

const setUp = () => {
  const { callV2, refused } = account();
  return { call: callV2, refused: (operation: string, input: object) => refused(operation, input, callV2) };
};
const given = { Name: "MyVpcLink", SubnetIds: ["subnet-aaaa", "subnet-bbbb"] };

test("a link's life", () => {
  const { call, refused } = setUp();
  const created = call("CreateVpcLink", { ...given, SecurityGroupIds: ["sg1234"], Tags: { team: "pets" } });
  const { VpcLinkId } = created;
  const link = {
    ...given,
    VpcLinkId,
    SecurityGroupIds: ["sg1234"],
    Tags: { team: "pets" },
    CreatedDate: 1_700_000_000,
    VpcLinkVersion: "V2",
  };
  expect(created).toEqual({
    ...link,
    VpcLinkStatus: "PENDING",
    VpcLinkStatusMessage: "VPC link is provisioning ENIs",
  });
  const available = {
    VpcLinkStatus: "AVAILABLE",
    VpcLinkStatusMessage: "VPC link is ready to route traffic",
  };
  expect(call("GetVpcLink", { VpcLinkId })).toEqual({ ...link, ...available });
  expect(call("GetVpcLinks")).toEqual({ Items: [{ ...link, ...available }] });
  expect(call("UpdateVpcLink", { VpcLinkId })).toEqual({ ...link, ...available });
  expect(call("UpdateVpcLink", { VpcLinkId, Name: "new" })).toEqual({ ...link, ...available, Name: "new" });
  call("DeleteVpcLink", { VpcLinkId });
  for (const operation of ["GetVpcLink", "UpdateVpcLink", "DeleteVpcLink"]) {
    expect(refused(operation, { VpcLinkId })).toBe(
      `NotFoundException: Invalid VpcLink identifier specified ${VpcLinkId}`,
    );
  }
});

test("groups and tags are there when none were given", () => {
  expect(setUp().call("CreateVpcLink", given)).toMatchObject({ SecurityGroupIds: [], Tags: {} });
});

test("pages", () => {
  const { call, refused } = setUp();
  const ids = [1, 2, 3].map(() => call("CreateVpcLink", given).VpcLinkId);
  const { Items, NextToken } = call("GetVpcLinks", { MaxResults: "2" });
  expect(Items.map(({ VpcLinkId }: { VpcLinkId: string }) => VpcLinkId)).toEqual(ids.slice(0, 2));
  expect(call("GetVpcLinks", { MaxResults: "2", NextToken })).toMatchObject({
    Items: [{ VpcLinkId: ids[2] }],
  });
  for (const MaxResults of ["0", "-1", "x", ""]) {
    expect(refused("GetVpcLinks", { MaxResults })).toBe("BadRequestException: Invalid maxResults parameter");
  }
  expect(refused("GetVpcLinks", { NextToken: "?" })).toBe("BadRequestException: Invalid nextToken parameter");
});

test.each([
  [{ Name: " " }, "Name cannot be empty"],
  [{ Name: "x".repeat(129) }, "Name cannot have more than 128 characters"],
  [{ SubnetIds: [] }, "SubnetIds for a vpc link cannot be empty"],
  [{ SubnetIds: [null] }, "Invalid subnet id specified"],
  [{ SecurityGroupIds: [""] }, "Invalid security group id specified"],
])("a link that cannot be: %j", (input, message) => {
  expect(setUp().refused("CreateVpcLink", { ...given, ...input })).toBe(`BadRequestException: ${message}`);
});
