/** Command lines of regctl, as people type them. */
import type { Case } from "../../support/differential.ts";

const FORMAT = (template: string) => `--format '${template}'`;

/** A registry that was not in the configuration is saved without defaults. */
const NEW_HOST = [
  { what: "folder", row: "only what was given is saved" },
] as const;

/** A tag that was asked for is there afterwards, changed or not. */
const CREATES = [
  { what: "registry", row: "prints the tag and does not make it" },
] as const;

/** Looking: nothing changes. */
export const LOOK: readonly Case[] = [
  { line: "tag ls $REG/team/app" },
  { line: "tag list $REG/team/app" },
  { line: "tag ls $REG/many --limit 4" },
  { line: "tag ls $REG/many --limit 4 --last r05" },
  { line: "tag ls $REG/team/app --limit 0" },
  { line: "repo ls $REG --limit -1" },
  { line: "tag ls $REG/team/app --include 'v1.*'" },
  { line: "tag ls $REG/team/app --include 'v.*' --exclude 'v2'" },
  { line: "tag ls --exclude 'v.*' $REG/team/app" },
  { line: "tag ls $REG/team/app --include '['" },
  { line: `tag ls $REG/team/app ${FORMAT("{{json .Tags}}")}`, as: "json" },
  { line: `tag ls $REG/team/app ${FORMAT("{{.Name}}")}` },
  {
    line: `tag ls $REG/team/app ${
      FORMAT("{{range .Tags}}{{println .}}{{end}}")
    }`,
  },
  { line: `tag ls $REG/team/app ${FORMAT("{{len .Tags}}")}` },
  { line: `tag ls $REG/team/app ${FORMAT("{{jsonPretty .}}")}`, as: "json" },
  { line: "tag ls $REG/team/app --format raw-body", as: "json" },
  { line: "tag ls $REG/team/app --format '{{.Bogus}}'" },
  { line: `tag ls $REG/team/app ${FORMAT("{{.GetURL}} {{.GetURL.Path}}")}` },
  { line: "tag ls $REG/team/none" },
  { line: "tag ls ocidir://layout" },
  { line: "tag ls ocidir://nowhere" },
  { line: "tag ls" },
  { line: "tag ls $REG/team/app more" },
  { line: "tag ls $REG/team/app --bogus" },
  { line: "repo ls $REG" },
  { line: "repo list $REG" },
  { line: "repo ls $REG --limit 2" },
  { line: "repo ls $REG --limit 2 --last many" },
  { line: `repo ls $REG ${FORMAT("{{json .}}")}`, as: "json" },
  {
    line: `repo ls $REG ${
      FORMAT("{{range .Repositories}}{{println .}}{{end}}")
    }`,
  },
  { line: "repo ls $REG --format body", as: "json" },
  { line: "repo ls $REG/team" },
  { line: "image digest $REG/team/app:v1" },
  { line: "image digest $REG/team/app" },
  { line: "image digest $REG/team/app:v1 --platform linux/arm64" },
  { line: "image digest $REG/team/app:v1 --platform windows/amd64" },
  { line: "image digest -p linux/amd64 $REG/team/docker:v1" },
  { line: "image digest $REG/team/app:none" },
  { line: "image digest $REG/team/app@$APP_ARM64" },
  { line: "image digest ocidir://layout:v1" },
  { line: "image digest ocidir://layout:none" },
  { line: "image digest Not/A/Reference:x" },
  { line: "manifest head $REG/team/app:v1" },
  { line: "manifest digest $REG/team/one:v1" },
  { line: "manifest head $REG/team/one:v1 --require-digest" },
  {
    line:
      "manifest head $REG/team/one:v1 --platform linux/amd64 --require-list",
  },
  {
    line: `manifest head $REG/team/one:v1 ${FORMAT("{{.GetDescriptor.Size}}")}`,
  },
  { line: "manifest get $REG/team/app:v1" },
  { line: "manifest get $REG/team/one:v1" },
  { line: "manifest get $REG/team/docker:v1" },
  { line: "manifest get $REG/team/docker:single" },
  { line: "manifest get $REG/team/nested:v1" },
  { line: "manifest get $REG/team/art:v1" },
  { line: "manifest get $REG/team/one@$SBOM" },
  { line: "manifest pull $REG/team/one:v1" },
  { line: "manifest get $REG/team/app:v1 --platform linux/arm64" },
  { line: "manifest get $REG/team/app:v1 --format raw-body" },
  { line: "manifest get $REG/team/app:v1 --format rawBody" },
  { line: "manifest get $REG/team/app:v1 --format body" },
  { line: `manifest get $REG/team/app:v1 ${FORMAT("{{json .}}")}`, as: "json" },
  {
    line: `manifest get $REG/team/one:v1 ${
      FORMAT("{{range .Layers}}{{println .Digest}}{{end}}")
    }`,
  },
  {
    line: `manifest get $REG/team/one:v1 ${
      FORMAT("{{.Config.Digest.Hex}} {{.GetSize}}")
    }`,
  },
  {
    line: `manifest get $REG/team/app:v1 ${
      FORMAT("{{range .Manifests}}{{.Platform}} {{.Size}}{{println}}{{end}}")
    }`,
  },
  {
    line: `manifest get $REG/team/one@$SBOM ${
      FORMAT("{{.ArtifactType}} {{.Subject.Digest}}")
    }`,
  },
  { line: "manifest get ocidir://layout:app" },
  { line: "manifest get ocidir://layout:v1 --format body" },
  { line: "manifest get ocidir://layout@$APP_AMD64" },
  { line: "manifest get $REG/team/one@$MISSING" },
  { line: "image inspect $REG/team/app:v1 --platform linux/amd64", as: "json" },
  { line: "image inspect $REG/team/one:v1" },
  { line: "image config $REG/team/one:v1" },
  {
    line: `image inspect $REG/team/one:v1 ${
      FORMAT(
        "{{range $k, $v := .Config.Labels}}{{$k}} = {{$v}}{{println}}{{end}}",
      )
    }`,
  },
  {
    line: `image inspect $REG/team/one:v1 ${
      FORMAT(
        '{{.OS}}/{{.Architecture}} {{.Created}} {{join .Config.Entrypoint " "}}',
      )
    }`,
  },
  {
    line: `image inspect $REG/team/one:v1 ${
      FORMAT("{{jsonPretty .Config.Env}}")
    }`,
  },
  {
    line: `image inspect $REG/team/one:v1 ${
      FORMAT("{{range .History}}{{println .CreatedBy}}{{end}}")
    }`,
  },
  { line: "image inspect $REG/team/one:v1 --format raw-body" },
  {
    line: `image inspect $REG/team/one:v1 ${
      FORMAT('{{index .RawHeaders "Docker-Content-Digest"}}')
    }`,
  },
  {
    line: "image inspect $REG/team/docker:v1 --platform linux/arm/v7",
    as: "json",
  },
  { line: "image inspect $REG/team/art:v1" },
  { line: "image inspect ocidir://layout:v1" },
  {
    line: `image manifest $REG/team/one:v1 ${FORMAT("{{json .Layers}}")}`,
    as: "json",
  },
  { line: "image ratelimit $REG/team/one:v1", as: "json" },
  { line: "blob get $REG/team/one $ONE_CONFIG" },
  { line: "layer pull $REG/team/one $ONE_CONFIG" },
  { line: "blob get $REG/team/one $LOOSE" },
  { line: "blob get $REG/team/one $MISSING" },
  { line: "blob get $REG/team/one sha256:short" },
  { line: "blob get ocidir://layout $APP_AMD64" },
  { line: "blob head $REG/team/one $MISSING" },
  {
    line: `blob head $REG/team/one $LOOSE ${FORMAT("{{.GetDescriptor.Size}}")}`,
  },
  { line: "ref $REG/team/app:v1" },
  { line: "ref alpine" },
  { line: "ref docker.io/library/alpine@$ONE" },
  {
    line: `ref ghcr.io/a/b:c ${
      FORMAT("{{.Registry}} {{.Repository}} {{.Tag}}")
    }`,
  },
  { line: "ref ocidir://some/dir:tag" },
  { line: "ref UPPER/case" },
  { line: "digest", stdin: "hello" },
  { line: "digest --algorithm sha512", stdin: "hello" },
  { line: "digest --algorithm md5", stdin: "hello" },
  { line: "config get", as: "json" },
  { line: "registry config", as: "json" },
  { line: "registry config $REG", as: "json" },
  { line: `registry config $REG ${FORMAT("{{.TLS}} {{.Hostname}}")}` },
  { line: "registry config unknown.example" },
  { line: "registry whoami $REG" },
];

/** Changing the registry, the layout, the configuration. */
export const CHANGE: readonly Case[] = [
  { line: "image copy $REG/team/app:v1 $REG/new/app:v1" },
  { line: "image cp $REG/team/app:v1 $REG/team/app:retagged" },
  {
    line: "image copy $REG/team/app:v1 $REG/new/app:v1 --platform linux/arm64",
  },
  { line: "image copy $REG/team/docker:v1 $REG/new/docker:v1" },
  { line: "image copy $REG/team/nested:v1 $REG/new/nested:v1" },
  { line: "image copy $REG/team/art:v1 $REG/new/art:v1" },
  { line: "image copy $REG/team/one:v1 $REG/new/one:v1 --referrers" },
  { line: "image copy $REG/team/one:v1 $REG/new/one:v1 --digest-tags" },
  { line: "image copy $REG/team/one:v1 $REG/new/one:v1 --fast" },
  { line: "image copy $REG/team/one:v1 $REG/new/one:v1 --force-recursive" },
  { line: "image copy $REG/team/one@$ONE $REG/new/one:v1" },
  { line: "image copy $REG/team/app:v1 ocidir://out:v1" },
  { line: "image copy ocidir://layout:app $REG/new/app:v9" },
  { line: "image copy ocidir://layout:v1 ocidir://out:v1" },
  { line: `image copy $REG/team/one:v1 $REG/new/one:v1 ${FORMAT("{{.Tag}}")}` },
  { line: "image copy $REG/team/one:v1 $REG/new/one@$ONE" },
  {
    line: "image copy $REG/team/one:v1 $REG/new/one@$APP",
    differs: [{ what: "registry", row: "a digest that is another's" }],
  },
  { line: "image copy $REG/team/none:v1 $REG/new/none:v1" },
  {
    line: "image copy $REG/team/one:v1 $REG/new/one:v1 --referrers-src $REG/x",
  },
  { line: "image copy $REG/team/one:v1" },
  { line: "repo copy $REG/team/app $REG/new/app" },
  { line: "repo cp $REG/many $REG/new/many --include 'r0[0-3]'" },
  { line: "repo copy $REG/many $REG/new/many --exclude 'r0.*' --concurrent 4" },
  {
    line: "repo copy $REG/many $REG/new/many --new-tags",
    before: ["image copy $REG/many:r01 $REG/new/many:r00"],
  },
  { line: "tag delete $REG/team/app:edge" },
  { line: "tag rm $REG/team/app:none" },
  { line: "tag rm $REG/team/app:none --ignore-missing" },
  { line: "tag delete ocidir://layout:app" },
  { line: "manifest delete $REG/team/one@$SBOM" },
  { line: "manifest delete $REG/team/one@$SBOM --referrers" },
  { line: "manifest delete $REG/team/one:v1" },
  { line: "manifest rm $REG/team/one:v1 --force-tag-dereference" },
  { line: "image delete $REG/team/app@$APP" },
  { line: "image delete $REG/team/app@$MISSING" },
  { line: "image delete $REG/team/app@$MISSING --ignore-missing" },
  { line: "manifest delete ocidir://layout@$APP" },
  {
    line: "manifest put $REG/team/one:put",
    stdin:
      `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}`,
  },
  {
    line:
      "manifest put $REG/team/one:put --content-type application/vnd.oci.image.index.v1+json",
    stdin: `{"schemaVersion":2,"manifests":[]}`,
  },
  {
    line: "manifest put $REG/team/one --by-digest",
    stdin:
      `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}`,
  },
  { line: "manifest put $REG/team/one:put", stdin: `{"schemaVersion":` },
  { line: "manifest put $REG/team/one:put", stdin: "" },
  {
    line: "manifest put ocidir://out",
    stdin:
      `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}`,
  },
  { line: "blob put $REG/team/one", stdin: "some bytes" },
  { line: "layer push $REG/new/blobs", stdin: "some bytes" },
  { line: "blob put $REG/team/one --digest $ONE", stdin: "some bytes" },
  { line: "blob put ocidir://out", stdin: "some bytes" },
  {
    line: `blob put $REG/team/one ${FORMAT("{{.Size}}")}`,
    stdin: "some bytes",
  },
  { line: "blob copy $REG/team/one $REG/team/app $LOOSE" },
  { line: "blob copy $REG/team/one ocidir://out $LOOSE" },
  { line: "blob copy $REG/team/one $REG/team/app $MISSING" },
  { line: "blob delete $REG/team/one $LOOSE" },
  { line: "blob rm $REG/team/one $MISSING" },
  { line: "image export $REG/team/one:v1 out.tar" },
  { line: "image export $REG/team/app:v1 out.tar --platform linux/arm64" },
  { line: "image export ocidir://layout:v1 out.tar --name example.org/x:y" },
  {
    line: "image export $REG/team/none:v1",
    differs: [
      {
        what: "stdout",
        row: "all manifests are found before the first byte",
      },
    ],
  },
  { line: "image import $REG/new/imported:v1 one.tar" },
  { line: "image import $REG/new/imported:v1 app.tar" },
  { line: "image import $REG/new/imported@$ONE one.tar" },
  {
    line: "image import $REG/new/imported@$APP one.tar",
    differs: [{ what: "registry", row: "a digest that is another's" }],
  },
  {
    line: "image import ocidir://out:v1 app.tar",
    differs: [{ what: "folder", row: "the row with the tag alone" }],
  },
  { line: "image import $REG/new/imported:v1 none.tar" },
  { line: "image import $REG/new/imported:v1 files/a.txt" },
  { line: "config set --blob-limit 1000000", as: "text" },
  { line: "config set --docker-cert=false --docker-cred=false" },
  { line: "config set --default-cred-helper nothing" },
  { line: "registry set $REG --tls disabled --req-concurrent 3" },
  {
    line:
      "registry set --skip-check other.example:5000 --tls insecure --req-per-sec 1.5",
    differs: NEW_HOST,
  },
  {
    line:
      "registry set --skip-check hub.example --mirror $REG --mirror b.example --priority 2",
    differs: NEW_HOST,
  },
  {
    line:
      "registry set --skip-check hub.example --hostname a.example --path-prefix x --blob-chunk 0x10 --blob-max 1_000",
    differs: NEW_HOST,
  },
  {
    line: "registry set --skip-check hub.example --api-opts disableHead=true",
    differs: NEW_HOST,
  },
  { line: "registry set --skip-check foo/bar" },
  { line: "registry set $REG --tls bogus" },
  { line: "registry login $REG -u somebody -p secret --skip-check" },
  {
    line: "registry login $REG -u somebody --pass-stdin --skip-check",
    stdin: "secret\n",
  },
  { line: "registry login $REG --pass-stdin --skip-check", stdin: "secret\n" },
  {
    line: "registry logout $REG",
    before: ["registry login $REG -u somebody -p secret --skip-check"],
  },
  {
    line: "registry whoami $REG",
    before: ["registry login $REG -u somebody -p secret --skip-check"],
  },
  {
    line: "config get",
    as: "json",
    before: ["registry login $REG -u somebody -p secret --skip-check"],
  },
];

/** Building: artifacts, indexes, changed images. */
export const BUILD: readonly Case[] = [
  { line: "artifact get $REG/team/art:v1" },
  { line: "artifact pull $REG/team/one@$SBOM" },
  { line: "artifact get $REG/team/one@$SIGNATURE" },
  { line: "artifact get $REG/team/one@$SIGNATURE --file a.sig" },
  { line: "artifact get $REG/team/one@$SIGNATURE --output files" },
  { line: "artifact get $REG/team/one@$SIGNATURE --output nowhere" },
  { line: "artifact get $REG/team/one@$SBOM --config" },
  {
    line:
      "artifact get --subject $REG/team/one:v1 --filter-artifact-type application/vnd.example.sbom",
  },
  { line: "artifact get --subject $REG/team/one:v1 --latest --file b.sig" },
  { line: "artifact get --subject $REG/team/art:v1" },
  { line: "artifact get" },
  {
    line: "artifact get $REG/new/dir:v1 -o home --strip-dirs",
    before: [
      "artifact put $REG/new/dir:v1 --artifact-type a/b -f files -m a/c --file-title",
    ],
  },
  { line: "artifact list $REG/team/one:v1", as: "lines" },
  {
    line:
      "artifact ls $REG/team/one:v1 --filter-artifact-type application/vnd.example.sbom",
    as: "lines",
  },
  {
    line:
      "artifact list $REG/team/one:v1 --filter-annotation org.example.by=somebody",
    as: "lines",
  },
  { line: "artifact list $REG/team/one:v1 --digest-tags", as: "lines" },
  {
    line: `artifact list $REG/team/one:v1 ${
      FORMAT("{{range .Descriptors}}{{println .Digest .ArtifactType}}{{end}}")
    }`,
  },
  {
    line: `artifact list $REG/team/one:v1 ${FORMAT("{{json .}}")}`,
    as: "json",
  },
  { line: "artifact list $REG/team/one:v1 --format body", as: "json" },
  {
    line: `artifact list $REG/team/one:v1 --digest-tags ${
      FORMAT("{{.Tags}} {{json .Annotations}}")
    }`,
  },
  { line: "artifact list $REG/team/app:v1" },
  { line: "artifact list ocidir://layout:v1" },
  { line: "artifact tree $REG/team/one:v1" },
  { line: "artifact tree $REG/team/one:v1 --digest-tags" },
  { line: "artifact tree $REG/team/app:v1" },
  {
    line: `artifact tree $REG/team/app:v1 ${FORMAT("{{json .}}")}`,
    as: "json",
  },
  { line: "artifact tree $REG/team/nested:v1" },
  {
    line:
      "artifact put $REG/new/art:v1 --artifact-type application/vnd.example.text",
    stdin: "content",
  },
  {
    line:
      "artifact put $REG/new/art:v1 --artifact-type application/vnd.example.text -f files/a.txt --file-title",
  },
  {
    line:
      "artifact put $REG/new/art:v1 --artifact-type application/x.y -f files/a.txt -m text/plain -f files/sub/b.txt -m text/plain --file-title --strip-dirs --annotation a=b",
  },
  {
    line:
      "artifact put --subject $REG/team/one:v1 --artifact-type application/vnd.example.note -f files/a.txt",
  },
  {
    line:
      "artifact put $REG/new/art:v1 --by-digest --artifact-type application/x.y -f files/a.txt",
  },
  {
    line:
      "artifact push $REG/new/art:v1 --artifact-type application/x.y --config-file files/a.txt --config-type application/x.config",
    stdin: "x",
  },
  {
    line: "artifact put $REG/new/art:v1 --artifact-type 'not a type'",
    stdin: "x",
  },
  {
    line:
      "artifact put ocidir://out:v1 --artifact-type application/x.y -f files/a.txt",
  },
  {
    line: "artifact put ocidir://out --artifact-type application/x.y",
    stdin: "x",
  },
  {
    line: "artifact put $REG/new/art@$ONE --artifact-type application/x.y",
    stdin: "x",
    differs: [{ what: "registry", row: "a digest that is another's" }],
  },
  {
    line:
      "artifact put $REG/new/art:v1 --subject $REG/team/one:v1 --artifact-type application/x.y -f files/a.txt",
  },
  {
    line:
      "index create ocidir://out:v1 --ref ocidir://layout:v1 --desc-platform linux/s390x",
  },
  { line: "index create $REG/team/one:made@$ONE" },
  {
    line: "image create $REG/team/one:made@$ONE",
    differs: [{ what: "registry", row: "a digest that is another's" }],
  },
  {
    line:
      "index create $REG/team/app:made --ref $REG/team/app:v1 --ref $REG/team/one:v1",
  },
  {
    line:
      "index create $REG/new/made:v1 --ref $REG/team/one:v1 --annotation a=b --desc-annotation c=d",
  },
  {
    line:
      "index create $REG/new/made:v1 --ref $REG/team/app:v1 --platform linux/arm64",
  },
  { line: "index create $REG/new/made:v1 --by-digest --ref $REG/team/one:v1" },
  {
    line:
      "index create $REG/team/one:made --digest $ONE --desc-platform linux/riscv64",
  },
  {
    line:
      "index create $REG/new/made:v1 --media-type application/vnd.docker.distribution.manifest.list.v2+json --ref $REG/team/docker:single",
  },
  { line: "index create $REG/new/made:v1 --artifact-type application/x.y" },
  { line: "index add $REG/team/app:v1 --ref $REG/team/one:v1" },
  {
    line:
      "index append $REG/team/app:v1 --ref $REG/team/one:v1 --desc-annotation c=d",
  },
  { line: "index add $REG/team/one:v1 --ref $REG/team/app:v1" },
  { line: "index delete $REG/team/app:v1 --platform linux/arm64" },
  { line: "index rm $REG/team/app:v1 --digest $APP_AMD64" },
  { line: "index delete $REG/team/app@$APP --platform linux/arm64" },
  { line: "index delete $REG/team/one:v1 --digest $ONE" },
  { line: "manifest diff $REG/team/app:v1 $REG/team/app:v2" },
  { line: "manifest diff $REG/team/app:v1 $REG/team/app:latest" },
  { line: "manifest diff $REG/team/app:v1 $REG/team/app:v2 --context 1" },
  { line: "manifest diff $REG/team/app:v1 $REG/team/one:v1 --context-full" },
  {
    line:
      "blob diff-config $REG/team/one $ONE_CONFIG $REG/team/one $OTHER_CONFIG",
  },
  {
    line:
      "blob diff-config $REG/team/one $ONE_CONFIG $REG/team/one $ONE_CONFIG",
  },
  {
    line: "blob diff-config $REG/team/one $LOOSE $REG/team/one $ONE_CONFIG",
  },
  {
    line: "blob diff-layer $REG/team/one $ONE_LAYER $REG/team/one $ONE_LAYER2",
  },
  {
    line:
      "blob diff-layer $REG/team/one $ONE_LAYER $REG/team/one $OTHER_LAYER --ignore-timestamp --context-full",
  },
  { line: "blob get-file $REG/team/one $ONE_LAYER etc/os-release" },
  { line: "blob cat $REG/team/one $ONE_LAYER /etc/os-release" },
  { line: "blob get-file $REG/team/one $ONE_LAYER etc/os-release files/out" },
  { line: "blob get-file $REG/team/one $ONE_LAYER none" },
  {
    line: `blob get-file $REG/team/one $ONE_LAYER etc/os-release ${
      FORMAT("{{.Header.Name}} {{.Header.Size}}")
    }`,
  },
  { line: "image get-file $REG/team/one:v1 etc/os-release" },
  { line: "image cat $REG/team/app:v1 /etc/os-release --platform linux/arm64" },
  { line: "image get-file $REG/team/one:v1 none" },
  {
    line: `image get-file $REG/team/one:v1 etc/os-release ${
      FORMAT("{{jsonPretty .Header}}{{.Header.Format}}")
    }`,
  },
  {
    line:
      "image check-base $REG/team/one:v1 --base $REG/team/app:v1 --platform linux/amd64",
  },
  { line: "image check-base $REG/team/one:v1 --base $REG/team/one:same" },
  {
    line: "image check-base $REG/team/one:v1 --base $REG/team/one:same --quiet",
  },
  { line: "image check-base $REG/team/one:v1" },
  { line: "image create $REG/new/empty:v1" },
  {
    line:
      "image create $REG/new/empty:v1 --platform linux/arm64 --label a=b --label c --created 2026-01-01T00:00:00Z --annotation x=y",
  },
  { line: "image create $REG/new/empty:v1 --by-digest" },
  {
    line:
      "image create $REG/new/empty:v1 --media-type application/vnd.docker.distribution.manifest.v2+json",
  },
  { line: `image mod $REG/team/one:v1 --create modded --annotation a=b` },
  {
    line:
      `image mod $REG/team/one:v1 --create modded --annotation org.example=`,
  },
  {
    line: `image mod $REG/team/one:v1 --create modded --annotation-promote`,
    differs: CREATES,
  },
  {
    line:
      `image mod $REG/team/one:v1 --create modded --annotation-base $REG/team/app:v1,$APP`,
  },
  { line: `image mod $REG/team/one:v1 --create modded --author 'Some Body'` },
  { line: `image mod $REG/team/one:v1 --create modded --label x=y` },
  {
    line:
      `image mod $REG/team/one:v1 --create modded --label org.example.seed=`,
  },
  { line: `image mod $REG/team/one:v1 --create modded --label-to-annotation` },
  {
    line:
      `image mod $REG/team/one:v1 --create modded --config-entrypoint '["/bin/sh"]' --config-cmd '["-c"]'`,
  },
  { line: `image mod $REG/team/one:v1 --create modded --config-cmd 'run it'` },
  { line: `image mod $REG/team/one:v1 --create modded --config-entrypoint ''` },
  { line: `image mod $REG/team/one:v1 --create modded --env A=B --env SEED=` },
  {
    line:
      `image mod $REG/team/one:v1 --create modded --expose-add 8080/tcp --volume-add /data`,
  },
  {
    line: `image mod $REG/team/one:v1 --create modded --user 0 --workdir /srv`,
  },
  {
    line:
      `image mod $REG/team/one:v1 --create modded --config-time set=2026-01-01T00:00:00Z`,
  },
  {
    line:
      `image mod $REG/team/one:v1 --create modded --time set=2026-01-01T00:00:00Z,after=2026-01-01T00:00:00Z`,
  },
  {
    line:
      `image mod $REG/team/one:v1 --create modded --config-platform linux/arm64`,
  },
  { line: `image mod $REG/team/one:v1 --create modded --data-max 4096` },
  { line: `image mod ocidir://layout:v1 --create modded --digest-algo sha512` },
  {
    line: `image mod $REG/team/one:v1 --create modded --external-urls-rm`,
    differs: CREATES,
  },
  {
    line: `image mod $REG/team/one:v1 --create modded --buildarg-rm foo=bar`,
    differs: CREATES,
  },
  { line: `image mod $REG/team/one:v1 --create modded --layer-rm-index 0` },
  {
    line:
      `image mod $REG/team/one:v1 --create modded --layer-rm-created-by 'COPY layer 1'`,
  },
  {
    line:
      `image mod $REG/team/one:v1 --create modded --layer-rm-created-by nothing`,
  },
  { line: `image mod $REG/team/one:v1 --create modded --to-docker` },
  { line: `image mod $REG/team/one:v1 --create modded --time bogus=1` },
  { line: `image mod $REG/team/one:v1 --create modded --bogus` },
  { line: "image mod $REG/team/one:v1 --replace --label org.example.seed=" },
  { line: "image mod $REG/team/one:v1 --annotation a=b" },
  {
    line:
      "image mod $REG/team/one:v1 --create $REG/new/modded:v1 --annotation a=b",
  },
  { line: "image mod $REG/team/app:v1 --create modded --annotation '[*]a=b'" },
  {
    line:
      "image mod $REG/team/app:v1 --create modded --annotation '[linux/arm64/v8]a=b'",
  },
  {
    line:
      "image mod $REG/team/app:v1 --create modded --label '[linux/amd64]a=b'",
  },
  { line: "image mod $REG/team/app:v1 --create modded --to-docker" },
  { line: "image mod $REG/team/docker:v1 --create modded --to-oci" },
  { line: "image mod ocidir://layout:app --create modded --annotation a=b" },
];
