import { expect, it } from "vitest";
import {
  isDeviceBackedResource,
  isExtendedResource,
  isNativeResource,
  isScalarResource,
} from "./resource-name.ts";

it.each([
  ["cpu", { native: true, extended: false, scalar: false, device: false }],
  ["strange", { native: true, extended: false, scalar: false, device: false }],
  ["example.com/gpu", { native: false, extended: true, scalar: true, device: true }],
  ["kubernetes.io/batch", { native: true, extended: false, scalar: true, device: false }],
  ["hugepages-2Mi", { native: true, extended: false, scalar: true, device: false }],
  ["attachable-volumes-aws-ebs", { native: true, extended: false, scalar: true, device: false }],
  ["requests.example.com/gpu", { native: false, extended: false, scalar: false, device: false }],
  ["example.com/g pu", { native: false, extended: false, scalar: false, device: false }],
  ["deviceclass.resource.kubernetes.io/big", { native: true, extended: false, scalar: true, device: true }],
])("sorts %s into its classes", (name, classes) => {
  expect({
    native: isNativeResource(name),
    extended: isExtendedResource(name),
    scalar: isScalarResource(name),
    device: isDeviceBackedResource(name),
  }).toEqual(classes);
});
