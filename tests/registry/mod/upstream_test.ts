/** Each modification beside upstream's: the same manifest, byte for byte. */
import { deepStrictEqual } from "node:assert/strict";
import * as config from "../../../src/registry/mod/config_changes.ts";
import * as convert from "../../../src/registry/mod/convert.ts";
import * as layers from "../../../src/registry/mod/layer_changes.ts";
import * as manifests from "../../../src/registry/mod/manifest_changes.ts";
import {
  changeDigestAlgorithm,
  embedData,
} from "../../../src/registry/mod/mod_image.ts";
import { rebase, rebaseOnto } from "../../../src/registry/mod/rebase.ts";
import { parseMoment } from "../../../src/registry/mod/times.ts";
import { parsePlatform } from "../../../src/registry/platform.ts";
import { parseReference } from "../../../src/registry/reference.ts";
import {
  modIn,
  modStore,
  tarOf,
  upstream,
  type UpstreamCase,
} from "../../support/mod_images.ts";

const ALL = "oci-one,oci-idx,docker-one,docker-idx";
const ONE = "oci-one,docker-one";
const at = parseMoment;
const BASE = `sha256:${"a".repeat(64)}`;
const TAR = await tarOf({ n: "new" }, 9);
const addTar = (platforms?: string) =>
  layers.addLayer(() => new Blob([TAR]).stream(), {
    mediaType: "application/vnd.oci.image.layer.v1.tar",
    platforms: platforms === undefined ? [] : [parsePlatform(platforms)],
  });

const CASES: readonly UpstreamCase[] = [
  [ALL, "--annotation x=1", () => [manifests.setAnnotation("x", "1")]],
  [
    "oci-idx,docker-idx",
    "--annotation [linux/arm64]x=1",
    () => [manifests.setAnnotation("[linux/arm64]x", "1")],
  ],
  [
    "oci-idx,docker-idx",
    "--annotation top=",
    () => [manifests.setAnnotation("top", "")],
  ],
  [
    ALL,
    "--annotation x=a<b>&é",
    () => [manifests.setAnnotation("x", "a<b>&é")],
  ],
  [
    ALL,
    `--annotation-base alpine:3,${BASE}`,
    () => [
      manifests.setBaseAnnotations("docker.io/library/alpine:3", BASE),
    ],
  ],
  ["anno", "--annotation-promote", () => [manifests.promoteAnnotations()]],
  [ALL, "--author me", () => [config.setAuthor("me")]],
  [
    ALL,
    "--buildarg-rm foo=bar",
    () => [config.removeBuildArgument("foo", config.literalExpression("bar"))],
  ],
  [
    ALL,
    "--buildarg-rm-regex foo=b.*r",
    () => [config.removeBuildArgument("foo", "b.*r")],
  ],
  [
    ALL,
    `--config-cmd ["a","b"]`,
    () => [config.setCommand(["a", "b"])],
  ],
  [ALL, "--config-cmd=", () => [config.setCommand([])]],
  [
    ALL,
    "--config-entrypoint foo",
    () => [config.setEntrypoint(["/bin/sh", "-c", "foo"])],
  ],
  [
    ALL,
    "--config-platform windows/amd64,osver=10.0.1",
    () => [config.setPlatform(parsePlatform("windows/amd64,osver=10.0.1"))],
  ],
  [
    ALL,
    "--config-time set=2020-01-01T01:00:00+01:00",
    () => [config.changeConfigTimes({ set: at("2020-01-01T01:00:00+01:00") })],
  ],
  [
    ALL,
    "--config-time set=2020-01-01T00:00:00Z,after=2020-01-02T00:00:00Z",
    () => [
      config.changeConfigTimes({
        set: at("2020-01-01T00:00:00Z"),
        after: at("2020-01-02T00:00:00Z"),
      }),
    ],
  ],
  [
    ALL,
    "--config-time from-label=created",
    () => [config.changeConfigTimes({ fromLabel: "created" })],
  ],
  [
    ALL,
    "--config-time set=2019-01-01T00:00:00Z,base-layers=2",
    () => [
      config.changeConfigTimes({
        set: at("2019-01-01T00:00:00Z"),
        baseLayers: 2,
      }),
    ],
  ],
  [
    "oci-onbase",
    "--config-time set=2019-01-01T00:00:00Z,base-ref=ocidir://up:oci-base1",
    () => [
      config.changeConfigTimes({
        set: at("2019-01-01T00:00:00Z"),
        baseRef: parseReference("ocidir://up:oci-base1"),
      }),
    ],
  ],
  [ONE, "--data-max 3000", () => [embedData(3000)]],
  [ALL, "--digest-algo sha512", () => [changeDigestAlgorithm("sha512")]],
  [
    ALL,
    "--env X=y --env A= --env [linux/amd64]PATH=/x",
    () => [
      config.setEnv("X", "y"),
      config.setEnv("A", ""),
      config.setEnv("[linux/amd64]PATH", "/x"),
    ],
  ],
  [
    ALL,
    "--expose-add 8080/tcp --expose-rm 80/tcp",
    () => [config.addPort("8080/tcp"), config.removePort("80/tcp")],
  ],
  [
    ALL,
    "--label n=v< --label a= --label [linux/arm64]q=1",
    () => [
      config.setLabel("n", "v<"),
      config.setLabel("a", ""),
      config.setLabel("[linux/arm64]q", "1"),
    ],
  ],
  [ALL, "--label-to-annotation", () => [manifests.labelsToAnnotations()]],
  [
    ALL,
    "--layer-add tar=add.tar,mediaType=application/vnd.oci.image.layer.v1.tar",
    () => [addTar()],
  ],
  [
    ALL,
    "--layer-add tar=add.tar,mediaType=application/vnd.oci.image.layer.v1.tar,platform=linux/amd64",
    () => [addTar("linux/amd64")],
  ],
  [
    ONE,
    "--layer-rm-created-by file2",
    () => [layers.removeLayersCreatedBy("file2")],
  ],
  [ONE, "--layer-rm-index 1", () => [layers.removeLayer(1)]],
  [ALL, "--layer-strip-file /etc", () => [layers.stripFile("/etc")]],
  [ONE, "--layer-strip-file strip", () => [layers.stripFile("strip")]],
  [
    ALL,
    "--layer-time set=2020-01-01T00:00:00.5Z",
    () => [layers.changeLayerTimes({ set: at("2020-01-01T00:00:00.5Z") })],
  ],
  [
    ALL,
    "--layer-time set=2020-01-01T00:00:00Z,base-ref=ocidir://up:oci-base1",
    () => [
      layers.changeLayerTimes({
        set: at("2020-01-01T00:00:00Z"),
        baseRef: parseReference("ocidir://up:oci-base1"),
      }),
    ],
  ],
  [
    ALL,
    "--layer-time from-label=created,base-layers=1",
    () => [layers.changeLayerTimes({ fromLabel: "created", baseLayers: 1 })],
  ],
  [
    ALL,
    "--time set=2020-01-01T00:00:00Z,after=2020-09-13T12:26:42Z",
    () => {
      const options = {
        set: at("2020-01-01T00:00:00Z"),
        after: at("2020-09-13T12:26:42Z"),
      };
      return [
        config.changeConfigTimes(options),
        layers.changeLayerTimes(options),
      ];
    },
  ],
  [
    "oci-tar,docker-tar",
    "--file-tar-time filename=/data.tar,set=2020-01-01T00:00:00Z",
    () => [
      layers.changeFileTarTimes("/data.tar", {
        set: at("2020-01-01T00:00:00Z"),
      }),
    ],
  ],
  [ALL, "--reproducible", () => [layers.makeReproducible()]],
  ["oci-onbase,docker-onbase", "--rebase", () => [rebase()]],
  [
    "oci-onbase",
    "--rebase-ref ocidir://up:oci-base1,ocidir://up:oci-base2",
    () => [
      rebaseOnto(
        parseReference("ocidir://up:oci-base1"),
        parseReference("ocidir://up:oci-base2"),
      ),
    ],
  ],
  ["oci-one,oci-idx", "--to-docker", () => [convert.toDocker()]],
  ["docker-one,docker-idx", "--to-oci", () => [convert.toOci()]],
  [
    ALL,
    "--to-docker --label x=y",
    () => [convert.toDocker(), config.setLabel("x", "y")],
  ],
  ["att", "--to-oci-referrers", () => [manifests.toOciReferrers()]],
  [
    ALL,
    "--user [linux/amd64]root --workdir /w",
    () => [config.setUser("[linux/amd64]root"), config.setWorkdir("/w")],
  ],
  [
    ALL,
    "--volume-add /v --volume-rm /data",
    () => [config.addVolume("/v"), config.removeVolume("/data")],
  ],
];

for (const [images, flags, modifications] of CASES) {
  Deno.test(`modImage() gives upstream's digest for ${flags}`, async () => {
    const digests = await upstream();
    const [expected, found] = [new Map(), new Map()];
    for (const image of images.split(",")) {
      const { digest } = await modIn(
        await modStore(),
        image,
        ...modifications(),
      );
      found.set(image, digest);
      expected.set(image, digests[`${image} ${flags}`]);
    }
    deepStrictEqual(found, expected);
  });
}
