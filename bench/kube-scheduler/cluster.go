package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/events"
	"k8s.io/component-base/featuregate"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/features"
	"k8s.io/kubernetes/pkg/scheduler"
	"k8s.io/kubernetes/pkg/scheduler/apis/config"
	"k8s.io/kubernetes/pkg/scheduler/apis/config/scheme"
	internalcache "k8s.io/kubernetes/pkg/scheduler/backend/cache"
	"k8s.io/kubernetes/pkg/scheduler/framework"
)

// silentServer answers every call of the scheduler to the API server with an empty object. What such a call would
// change, a case changes by itself.
type silentServer struct{}

func (silentServer) RoundTrip(request *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK,
		Header:     http.Header{"Content-Type": []string{"application/json"}},
		Body:       io.NopCloser(strings.NewReader(`{"kind":"Pod","apiVersion":"v1"}`)),
		Request:    request,
	}, nil
}

// cluster is a scheduler and what it knows.
type cluster struct {
	context   context.Context
	stop      context.CancelFunc
	scheduler *scheduler.Scheduler
	snapshot  *internalcache.Snapshot
	framework framework.Framework
	informers map[reflect.Type]*directInformer
	// cycle counts attempts; batching asks whether two attempts followed each other.
	cycle int64
}

func readConfig(raw json.RawMessage) (*config.KubeSchedulerConfiguration, error) {
	fields := map[string]any{}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &fields); err != nil {
			return nil, err
		}
	}
	fields["apiVersion"] = "kubescheduler.config.k8s.io/v1"
	fields["kind"] = "KubeSchedulerConfiguration"
	complete, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	object, _, err := scheme.Codecs.UniversalDecoder().Decode(complete, nil, nil)
	if err != nil {
		return nil, err
	}
	configuration, ok := object.(*config.KubeSchedulerConfiguration)
	if !ok {
		return nil, fmt.Errorf("not a configuration: %T", object)
	}
	return configuration, nil
}

// setGates sets the gates of a case and returns what sets them back. Preemption runs in the attempt itself, since a
// goroutine that evicts later has no place in a sequence of attempts; the decision is the same.
func setGates(gates map[string]bool) (func(), error) {
	gate := utilfeature.DefaultMutableFeatureGate
	wanted := map[string]bool{string(features.SchedulerAsyncPreemption): false}
	for name, value := range gates {
		wanted[name] = value
	}
	before := map[string]bool{}
	for name := range wanted {
		before[name] = gate.Enabled(featuregate.Feature(name))
	}
	if err := gate.SetFromMap(wanted); err != nil {
		return nil, err
	}
	return func() { _ = gate.SetFromMap(before) }, nil
}

func newCluster(configuration *config.KubeSchedulerConfiguration, order listOrder, options ...scheduler.Option) (*cluster, error) {
	ctx, stop := context.WithCancel(context.Background())
	ctx = klog.NewContext(ctx, klog.Logger{})
	client, err := kubernetes.NewForConfig(&rest.Config{Host: "in-process", Transport: silentServer{}, QPS: -1})
	if err != nil {
		stop()
		return nil, err
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	byKind := directInformers(factory, order)
	snapshot := internalcache.NewEmptySnapshot()
	sched, err := scheduler.New(ctx, client, factory, nil,
		func(string) events.EventRecorderLogger { return &events.FakeRecorder{} },
		append([]scheduler.Option{
			scheduler.WithProfiles(configuration.Profiles...),
			scheduler.WithPercentageOfNodesToScore(configuration.PercentageOfNodesToScore),
			scheduler.WithParallelism(1),
			scheduler.WithNodeInfoSnapshot(snapshot),
		}, options...)...,
	)
	if err != nil {
		stop()
		return nil, err
	}
	return &cluster{
		context: ctx, stop: stop, scheduler: sched, snapshot: snapshot, informers: byKind,
		framework: sched.Profiles[configuration.Profiles[0].SchedulerName],
	}, nil
}

func (c *cluster) add(object runtime.Object) error {
	informer := c.informerOf(object)
	if informer == nil {
		return fmt.Errorf("no informer for %T", object)
	}
	return informer.add(object)
}

func (c *cluster) informerOf(object runtime.Object) *directInformer {
	return c.informers[reflect.TypeOf(object)]
}

func (c *cluster) pods() *directInformer { return c.informers[reflect.TypeFor[*v1.Pod]()] }

// pod returns the pod as listers see it, or nil.
func (c *cluster) pod(key string) *v1.Pod {
	object, exists, err := c.pods().indexer.GetByKey(key)
	if err != nil || !exists {
		return nil
	}
	return object.(*v1.Pod)
}

// nominate changes the nomination in a pod's status, and not the scheduler's own list of nominations.
func (c *cluster) nominate(key, node string) error {
	pod := c.pod(key)
	if pod == nil || pod.Status.NominatedNodeName == node {
		return nil
	}
	changed := pod.DeepCopy()
	changed.Status.NominatedNodeName = node
	return c.pods().store(changed)
}

func (c *cluster) refresh() error {
	return c.scheduler.Cache.UpdateSnapshot(klog.Logger{}, c.snapshot)
}

func (c *cluster) nodeOrder() ([]string, error) {
	nodes, err := c.snapshot.NodeInfos().List()
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(nodes))
	for _, node := range nodes {
		names = append(names, node.Node().Name)
	}
	return names, nil
}
