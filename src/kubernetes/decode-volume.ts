import { decodeStrings } from "./decode-selectors.ts";
import {
  boolean,
  type Decoder,
  integer,
  isRecord,
  listOf,
  objectOf,
  ownString,
  sharedString,
} from "./decoder.ts";
import type { Volume } from "./volume.ts";

type Source<K extends keyof Volume> = NonNullable<Volume[K]>;

const decodeVolume = objectOf<Volume>({
  name: sharedString,
  persistentVolumeClaim: objectOf<Source<"persistentVolumeClaim">>({
    claimName: ownString,
    readOnly: boolean,
  }),
  ephemeral: objectOf<Source<"ephemeral">>({}),
  image: objectOf<Source<"image">>({ reference: sharedString }),
  csi: objectOf<Source<"csi">>({ driver: sharedString }),
  gcePersistentDisk: objectOf<Source<"gcePersistentDisk">>({ pdName: sharedString, readOnly: boolean }),
  awsElasticBlockStore: objectOf<Source<"awsElasticBlockStore">>({
    volumeID: sharedString,
    readOnly: boolean,
  }),
  iscsi: objectOf<Source<"iscsi">>({
    targetPortal: sharedString,
    iqn: sharedString,
    lun: integer,
    readOnly: boolean,
  }),
  rbd: objectOf<Source<"rbd">>({
    monitors: decodeStrings,
    pool: sharedString,
    image: sharedString,
    readOnly: boolean,
  }),
  azureDisk: objectOf<Source<"azureDisk">>({
    diskName: sharedString,
    diskURI: sharedString,
    kind: sharedString,
  }),
  cinder: objectOf<Source<"cinder">>({ volumeID: sharedString }),
  portworxVolume: objectOf<Source<"portworxVolume">>({ volumeID: sharedString }),
});

const sources = [
  "persistentVolumeClaim",
  "ephemeral",
  "image",
  "csi",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "iscsi",
  "rbd",
  "azureDisk",
  "cinder",
  "portworxVolume",
] as const satisfies readonly (keyof Volume)[];

const decodeAnyVolumes = listOf<Volume | null>((value, decoding) => {
  if (isRecord(value) && !sources.some((source) => value[source] !== undefined)) return null;
  return decodeVolume(value, decoding);
});

/** Leaves out volumes of other sources (every pod has a projected one with a name of its own). */
export const decodeVolumes: Decoder<readonly Volume[]> = (value, decoding) => {
  const volumes = decodeAnyVolumes(value, decoding)?.filter((volume) => volume !== null);
  return volumes === undefined || volumes.length === 0 ? undefined : volumes;
};
