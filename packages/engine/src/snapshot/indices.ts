/** Position of a node in a snapshot's columns; meaningless outside that snapshot. */
export type NodeIndex = number & { readonly brand: 'NodeIndex' }

/** Position of a pod in a snapshot's columns; meaningless outside that snapshot. */
export type PodIndex = number & { readonly brand: 'PodIndex' }
