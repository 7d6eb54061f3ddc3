package main

import (
	"errors"
	"reflect"
	"slices"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	v1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	resourcev1 "k8s.io/api/resource/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

// listOrder is the order in which listers give objects.
type listOrder int

const (
	// asAdded is the order in which objects were first added, which makes recordings repeatable.
	asAdded listOrder = iota
	// asStored is the map order of client-go, which costs a lister nothing.
	asStored
)

// orderedIndexer lists objects in the order in which they were first added. The store of client-go lists in map order,
// which would decide, for one, which disruption budget is charged first.
type orderedIndexer struct {
	cache.Indexer
	rank map[string]int
}

func (o *orderedIndexer) Add(object any) error {
	key, err := cache.MetaNamespaceKeyFunc(object)
	if err != nil {
		return err
	}
	if _, known := o.rank[key]; !known {
		o.rank[key] = len(o.rank)
	}
	return o.Indexer.Add(object)
}

func (o *orderedIndexer) sorted(objects []any) []any {
	rank := func(object any) int {
		key, _ := cache.MetaNamespaceKeyFunc(object)
		return o.rank[key]
	}
	slices.SortFunc(objects, func(a, b any) int { return rank(a) - rank(b) })
	return objects
}

func (o *orderedIndexer) List() []any { return o.sorted(o.Indexer.List()) }

func (o *orderedIndexer) Index(name string, object any) ([]any, error) {
	found, err := o.Indexer.Index(name, object)
	return o.sorted(found), err
}

func (o *orderedIndexer) ByIndex(name, value string) ([]any, error) {
	found, err := o.Indexer.ByIndex(name, value)
	return o.sorted(found), err
}

// directInformer hands objects to its handlers at once and in the caller's goroutine, so that the scheduler has
// learned of an object when add returns. It watches nothing.
type directInformer struct {
	cache.SharedIndexInformer // nil: what is not overridden must not be called
	indexer                   cache.Indexer
	handlers                  []cache.ResourceEventHandler
}

func newDirectInformer(order listOrder) *directInformer {
	byNamespace := cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc}
	indexer := cache.NewIndexer(cache.MetaNamespaceKeyFunc, byNamespace)
	if order == asAdded {
		indexer = &orderedIndexer{Indexer: indexer, rank: map[string]int{}}
	}
	return &directInformer{indexer: indexer}
}

// store changes what listers see and tells no handler.
func (d *directInformer) store(object runtime.Object) error { return d.indexer.Add(object) }

func (d *directInformer) add(object runtime.Object) error {
	if err := d.indexer.Add(object); err != nil {
		return err
	}
	for _, handler := range d.handlers {
		handler.OnAdd(object, false)
	}
	return nil
}

func (d *directInformer) update(before, after runtime.Object) error {
	if err := d.indexer.Add(after); err != nil {
		return err
	}
	for _, handler := range d.handlers {
		handler.OnUpdate(before, after)
	}
	return nil
}

func (d *directInformer) remove(object runtime.Object) error {
	if err := d.indexer.Delete(object); err != nil {
		return err
	}
	for _, handler := range d.handlers {
		handler.OnDelete(object)
	}
	return nil
}

func (d *directInformer) AddEventHandler(handler cache.ResourceEventHandler) (cache.ResourceEventHandlerRegistration, error) {
	d.handlers = append(d.handlers, handler)
	for _, object := range d.indexer.List() {
		handler.OnAdd(object, true)
	}
	return alwaysSynced{}, nil
}

func (d *directInformer) AddEventHandlerWithResyncPeriod(handler cache.ResourceEventHandler, _ time.Duration) (cache.ResourceEventHandlerRegistration, error) {
	return d.AddEventHandler(handler)
}

func (d *directInformer) AddEventHandlerWithOptions(handler cache.ResourceEventHandler, _ cache.HandlerOptions) (cache.ResourceEventHandlerRegistration, error) {
	return d.AddEventHandler(handler)
}

func (d *directInformer) RemoveEventHandler(cache.ResourceEventHandlerRegistration) error {
	return errors.New("handlers stay for the life of a case")
}

func (d *directInformer) AddIndexers(indexers cache.Indexers) error {
	return d.indexer.AddIndexers(indexers)
}
func (d *directInformer) GetStore() cache.Store                  { return d.indexer }
func (d *directInformer) GetIndexer() cache.Indexer              { return d.indexer }
func (d *directInformer) HasSynced() bool                        { return true }
func (d *directInformer) HasSyncedChecker() cache.DoneChecker    { return alwaysSynced{} }
func (d *directInformer) SetTransform(cache.TransformFunc) error { return nil }

type alwaysSynced struct{}

var closed = func() <-chan struct{} {
	channel := make(chan struct{})
	close(channel)
	return channel
}()

func (alwaysSynced) HasSynced() bool                     { return true }
func (alwaysSynced) HasSyncedChecker() cache.DoneChecker { return alwaysSynced{} }
func (alwaysSynced) Name() string                        { return "direct" }
func (alwaysSynced) Done() <-chan struct{}               { return closed }

// objectKinds are the kinds a case may have. The scheduler's informers of other kinds stay empty.
var objectKinds = []runtime.Object{
	&v1.Pod{}, &v1.Node{}, &v1.Namespace{}, &v1.Service{}, &v1.ReplicationController{},
	&v1.PersistentVolume{}, &v1.PersistentVolumeClaim{},
	&appsv1.ReplicaSet{}, &appsv1.StatefulSet{}, &policyv1.PodDisruptionBudget{},
	&storagev1.StorageClass{}, &storagev1.CSINode{}, &storagev1.CSIDriver{}, &storagev1.CSIStorageCapacity{},
	&storagev1.VolumeAttachment{},
	&resourcev1.ResourceClaim{}, &resourcev1.ResourceSlice{}, &resourcev1.DeviceClass{},
}

// directInformers puts informers of ours into a factory before anything asks it for one.
func directInformers(factory informers.SharedInformerFactory, order listOrder) map[reflect.Type]*directInformer {
	byKind := map[reflect.Type]*directInformer{}
	for _, kind := range objectKinds {
		informer := newDirectInformer(order)
		factory.InformerFor(kind, func(kubernetes.Interface, time.Duration) cache.SharedIndexInformer { return informer })
		byKind[reflect.TypeOf(kind)] = informer
	}
	return byKind
}
