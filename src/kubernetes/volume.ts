/** A volume of a pod that scheduling reads: exactly one of the sources is present. */
export interface Volume {
  readonly name?: string;
  readonly persistentVolumeClaim?: { readonly claimName?: string; readonly readOnly?: boolean };
  /** The claim is made for the pod and is named `<pod>-<volume>`. */
  readonly ephemeral?: Readonly<Record<never, never>>;
  readonly image?: { readonly reference?: string };
  readonly csi?: { readonly driver?: string };
  readonly gcePersistentDisk?: { readonly pdName?: string; readonly readOnly?: boolean };
  readonly awsElasticBlockStore?: { readonly volumeID?: string; readonly readOnly?: boolean };
  readonly iscsi?: {
    readonly targetPortal?: string;
    readonly iqn?: string;
    readonly lun?: number;
    readonly readOnly?: boolean;
  };
  readonly rbd?: {
    readonly monitors?: readonly string[];
    readonly pool?: string;
    readonly image?: string;
    readonly readOnly?: boolean;
  };
  readonly azureDisk?: { readonly diskName?: string; readonly diskURI?: string; readonly kind?: string };
  readonly cinder?: { readonly volumeID?: string };
  readonly portworxVolume?: { readonly volumeID?: string };
}
