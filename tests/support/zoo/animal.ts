/**
 * What tells one registry product from another, as data: each fact with the
 * place that documents it.
 */

/** How a registry wants to know who asks. */
export interface AnimalAuth {
  /** Basic on every request, or tokens from a realm. */
  readonly scheme: "basic" | "bearer";
  /** The path of the token endpoint. */
  readonly realm?: string;
  /** The `service` of the challenge. */
  readonly service?: string;
  /** The key of the token in the answer. */
  readonly tokenKey?: "token" | "access_token";
  /** Takes the identity token in a POST. */
  readonly oauth?: boolean;
  /** Gives everybody a token to pull. */
  readonly anonymousPull?: boolean;
}

/** A registry product. */
export interface Animal {
  /** Its name. */
  readonly name: string;
  /** A name that its registries have in references. */
  readonly registry: string;
  /** Where each fact below is documented. */
  readonly sources: readonly string[];
  /** Who may do what. */
  readonly auth: AnimalAuth;
  /** Redirects blobs to a storage on another host, with this status. */
  readonly redirect?: 302 | 307;
  /** The storage refuses requests that carry Authorization. */
  readonly signedStorage?: boolean;
  /** The largest page of tags. */
  readonly page?: number;
  /** How the next page is named. @default {"last"} */
  readonly nextPage?: "last" | "next_page";
  /** Refuses `n` above the largest page instead of cutting it. */
  readonly refusesLargePages?: boolean;
  /** What `_catalog` answers. @default {"open"} */
  readonly catalog?: "open" | "denied";
  /** The status of a PATCH. @default {202} */
  readonly patchStatus?: 201 | 202;
  /** Drops the bytes of every chunk after the first. */
  readonly losesChunks?: boolean;
  /** Uploads cannot be asked where they are. */
  readonly noUploadStatus?: boolean;
  /** Locations are paths. @default {false} */
  readonly relativeLocations?: boolean;
  /** Mounts begin an upload. */
  readonly noMount?: boolean;
  /** No referrers API. */
  readonly noReferrers?: boolean;
  /** What a DELETE of a manifest by digest answers. @default {202} */
  readonly deleteManifest?: 202 | 405;
  /** What a DELETE of a tag answers. @default {202} */
  readonly deleteTag?: 202 | 400 | 405;
  /** Repositories, or their first parts, that exist; others cannot be pushed to. */
  readonly existing?: readonly string[];
  /** What a push to another one answers. */
  readonly missing?: { readonly status: number; readonly body: string };
  /** Headers with every manifest. */
  readonly manifestHeaders?: Readonly<Record<string, string>>;
  /** More keys in the list of tags. */
  readonly tagListExtras?: Readonly<Record<string, unknown>>;
}

const denied = (code: string, message: string) =>
  JSON.stringify({ errors: [{ code, message }] });

/** The products that people use. */
export const ANIMALS: readonly Animal[] = [
  {
    name: "Docker Hub",
    registry: "docker.io",
    sources: [
      "https://distribution.github.io/distribution/spec/auth/token/",
      "https://docs.docker.com/docker-hub/usage/pulls/",
      "https://github.com/distribution/distribution/issues/1936",
      "https://github.com/docker/hub-feedback/issues/1953",
    ],
    auth: {
      scheme: "bearer",
      realm: "/token",
      service: "registry.docker.io",
      anonymousPull: true,
    },
    redirect: 307,
    signedStorage: true,
    catalog: "denied",
    noReferrers: true,
    deleteManifest: 405,
    deleteTag: 405,
    manifestHeaders: {
      "ratelimit-limit": "100;w=21600",
      "ratelimit-remaining": "76;w=21600",
      "docker-ratelimit-source": "192.0.2.1",
    },
  },
  {
    name: "GHCR",
    registry: "ghcr.io",
    sources: [
      "https://github.com/mamba-org/powerloader/pull/32",
      "https://github.com/podman-container-tools/skopeo/issues/1880",
      "https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry",
    ],
    auth: {
      scheme: "bearer",
      realm: "/token",
      service: "ghcr.io",
      anonymousPull: true,
    },
    redirect: 307,
    losesChunks: true,
    noUploadStatus: true,
    relativeLocations: true,
    noReferrers: true,
    catalog: "denied",
    deleteManifest: 405,
    deleteTag: 405,
  },
  {
    name: "ECR",
    registry: "123456789012.dkr.ecr.us-east-1.amazonaws.com",
    sources: [
      "https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html",
      "https://github.com/google/go-containerregistry/issues/1091",
      "https://github.com/aws/containers-roadmap/issues/2831",
      "https://github.com/regclient/regclient/issues/81",
      "https://github.com/aws/containers-roadmap/issues/853",
    ],
    auth: { scheme: "basic", service: "ecr.amazonaws.com" },
    redirect: 307,
    signedStorage: true,
    page: 1000,
    refusesLargePages: true,
    patchStatus: 201,
    losesChunks: true,
    deleteTag: 405,
    existing: ["team/app"],
    missing: {
      status: 404,
      body: denied(
        "NAME_UNKNOWN",
        "The repository with name 'x' does not exist in the registry with id '1'",
      ),
    },
  },
  {
    name: "Google Artifact Registry",
    registry: "us-docker.pkg.dev",
    sources: [
      "https://github.com/oras-project/oras/issues/157",
      "https://cloud.google.com/artifact-registry/docs/docker/authentication",
      "https://github.com/actions/attest-build-provenance/issues/73",
    ],
    auth: {
      scheme: "bearer",
      realm: "/v2/token",
      service: "us-docker.pkg.dev",
    },
    redirect: 302,
    relativeLocations: true,
    noReferrers: true,
    existing: ["team"],
    missing: {
      status: 404,
      body: denied("NAME_UNKNOWN", 'Repository "x" not found'),
    },
    tagListExtras: { child: [], manifest: {} },
  },
  {
    name: "ACR",
    registry: "contoso.azurecr.io",
    sources: [
      "https://azure.github.io/acr/Token-BasicAuth.html",
      "https://azure.github.io/acr/AAD-OAuth.html",
    ],
    auth: {
      scheme: "bearer",
      realm: "/oauth2/token",
      service: "contoso.azurecr.io",
      tokenKey: "access_token",
      oauth: true,
    },
    redirect: 307,
    signedStorage: true,
    page: 100,
    relativeLocations: true,
  },
  {
    name: "Quay",
    registry: "quay.io",
    sources: [
      "https://github.com/regclient/regclient/issues/272",
      "https://github.com/deitch/docker_registry2/issues/56",
      "https://github.com/quay/quay/pull/2884",
    ],
    auth: {
      scheme: "bearer",
      realm: "/v2/auth",
      service: "quay.io",
      anonymousPull: true,
    },
    redirect: 302,
    page: 50,
    nextPage: "next_page",
  },
  {
    name: "GitLab",
    registry: "registry.gitlab.com",
    sources: [
      "https://docs.gitlab.com/ee/user/packages/container_registry/",
      "https://gitlab.com/gitlab-org/container-registry/-/blob/master/docs/spec/docker/v2/api.md",
    ],
    auth: {
      scheme: "bearer",
      realm: "/jwt/auth",
      service: "container_registry",
    },
    redirect: 307,
    page: 100,
    catalog: "denied",
    existing: ["team"],
    missing: {
      status: 403,
      body: denied("DENIED", "requested access to the resource is denied"),
    },
  },
  {
    name: "Harbor",
    registry: "harbor.example.com",
    sources: [
      "https://github.com/goharbor/harbor/issues/966",
      "https://github.com/goharbor/harbor/issues/13988",
    ],
    auth: {
      scheme: "bearer",
      realm: "/service/token",
      service: "harbor-registry",
    },
    existing: ["team"],
    missing: {
      status: 401,
      body: denied(
        "UNAUTHORIZED",
        "unauthorized to access repository: x, action: push",
      ),
    },
  },
  {
    name: "Artifactory",
    registry: "artifactory.example.com",
    sources: [
      "https://jfrog.com/help/r/jfrog-artifactory-documentation/docker-registry",
      "https://github.com/containerd/containerd/issues/2148",
      "https://github.com/containerd/containerd/issues/3533",
      "https://github.com/camallo/dkregistry-rs/pull/236",
    ],
    auth: {
      scheme: "bearer",
      realm: "/artifactory/api/docker/docker/v2/token",
      service: "artifactory.example.com",
    },
    page: 100,
    noMount: true,
    noReferrers: true,
  },
];
