package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/kubernetes/pkg/features"
	"k8s.io/kubernetes/pkg/scheduler"
	"k8s.io/kubernetes/pkg/scheduler/apis/config"
	clocktesting "k8s.io/utils/clock/testing"
)

// clockTick is by how much the clock of the queue goes on with each pod that is created and each attempt, so that no
// two pods wait since the same time. It otherwise stands still but for jumps past a back-off.
const clockTick = time.Microsecond

// player carries out the operations of a script.
type player struct {
	parallelism int

	*cluster
	clock      *clocktesting.FakeClock
	undoGates  func()
	api        *heldCalls
	victims    *heldVictims
	templates  []*v1.Pod
	churns     []*churn
	phases     []*phaseResult
	placements placements

	// attempts counts them over all phases.
	attempts int64
	// started counts pods that came to run; each starts a second after the one before.
	started int64
	// version is the last resource version given to an object that changed.
	version int64
}

func (p *player) apply(one *operation) error {
	if p.cluster == nil && one.Op != "config" {
		return errors.New("missing config; it is the first line of a script")
	}
	switch one.Op {
	case "config":
		return p.start(one)
	case "objects":
		return p.create(one.Objects)
	case "nodes":
		return p.create(one.Nodes)
	case "removeNodes":
		for _, name := range one.Names {
			if err := p.removeNode(name); err != nil {
				return err
			}
		}
		return nil
	case "templates":
		for _, raw := range one.Pods {
			pod, err := readPod(raw)
			if err != nil {
				return err
			}
			p.templates = append(p.templates, pod)
		}
		return nil
	case "pods":
		return p.createPods(one)
	case "deletePods":
		for _, key := range one.Names {
			if err := p.removePod(key); err != nil {
				return err
			}
		}
		return nil
	case "churn":
		return p.addChurn(one)
	case "schedule":
		return p.schedulePhase(one)
	}
	return fmt.Errorf("unknown op: %s", one.Op)
}

// start builds the scheduler. Preemption and API calls stay in the attempt that makes them: goroutines that come back
// later have no place in a sequence of attempts.
func (p *player) start(one *operation) error {
	if p.cluster != nil {
		return errors.New("invalid config: a second one; a script has one")
	}
	gates := map[string]bool{}
	for name, value := range one.Gates {
		gates[name] = value
	}
	gates[string(features.SchedulerAsyncPreemption)] = false
	gates[string(features.SchedulerAsyncAPICalls)] = false
	undo, err := setGates(gates)
	if err != nil {
		return err
	}
	p.undoGates = undo
	configuration, err := readConfig(one.Config)
	if err != nil {
		return err
	}
	p.clock = clocktesting.NewFakeClock(firstStart)
	p.cluster, err = newCluster(configuration, asStored, p.options(configuration)...)
	if err != nil {
		return err
	}
	p.api, p.victims = &heldCalls{}, &heldVictims{}
	for _, framework := range p.scheduler.Profiles {
		framework.SetAPICacher(p.api)
		p.victims.takeFrom(framework)
	}
	// A closed queue works like an open one, but for Pop: it returns when there is nothing, where an open one waits.
	p.scheduler.SchedulingQueue.Close()
	return nil
}

func (p *player) options(configuration *config.KubeSchedulerConfiguration) []scheduler.Option {
	return []scheduler.Option{
		scheduler.WithParallelism(int32(p.parallelism)),
		scheduler.WithClock(p.clock),
		scheduler.WithExtenders(configuration.Extenders...),
		scheduler.WithPodInitialBackoffSeconds(configuration.PodInitialBackoffSeconds),
		scheduler.WithPodMaxBackoffSeconds(configuration.PodMaxBackoffSeconds),
	}
}

func (p *player) close() {
	if p.cluster != nil {
		p.stop()
	}
	if p.undoGates != nil {
		p.undoGates()
	}
}

func (p *player) create(raws []json.RawMessage) error {
	for _, raw := range raws {
		object, err := readObject(raw)
		if err != nil {
			return err
		}
		if pod, isPod := object.(*v1.Pod); isPod {
			err = p.createPod(pod)
		} else {
			err = p.add(object)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *player) createPods(one *operation) error {
	names := one.Names
	for _, of := range one.Of {
		template, count := of[0], of[1]
		if count > len(names) {
			return fmt.Errorf("missing names; %d more pods than names", count-len(names))
		}
		for _, key := range names[:count] {
			pod, err := p.fromTemplate(template)
			if err != nil {
				return err
			}
			namespace, name, found := strings.Cut(key, "/")
			if !found {
				return fmt.Errorf("invalid name: %s; a pod is named namespace/name", key)
			}
			if err := p.createNamed(pod, namespace, name); err != nil {
				return err
			}
		}
		names = names[count:]
	}
	return nil
}

func (p *player) fromTemplate(template int) (*v1.Pod, error) {
	if template < 0 || template >= len(p.templates) {
		return nil, fmt.Errorf("unknown template: %d, there are %d", template, len(p.templates))
	}
	return p.templates[template].DeepCopy(), nil
}

func (p *player) createNamed(pod *v1.Pod, namespace, name string) error {
	pod.Namespace, pod.Name = namespace, name
	pod.UID = types.UID(namespace + "/" + name)
	return p.createPod(pod)
}

// createPod adds a pod to the queue, or to its node when it has one. That a pod is on a node means that it runs.
func (p *player) createPod(pod *v1.Pod) error {
	p.clock.Step(clockTick)
	if pod.Spec.NodeName != "" {
		p.run(pod)
	}
	return p.add(pod)
}

// run marks a pod as running. Start times differ, so that upstream never has to choose between equal candidates of a
// preemption, which it would do in map order.
func (p *player) run(pod *v1.Pod) {
	if pod.Status.Phase == "" {
		pod.Status.Phase = v1.PodRunning
	}
	if pod.Status.StartTime == nil {
		started := metav1.NewTime(firstStart.Add(time.Duration(p.started) * time.Second))
		pod.Status.StartTime = &started
		p.started++
	}
}

func (p *player) removePod(key string) error {
	pod := p.pod(key)
	if pod == nil {
		return fmt.Errorf("unknown pod: %s", key)
	}
	return p.pods().remove(pod)
}

func (p *player) removeNode(name string) error {
	nodes := p.informers[reflect.TypeFor[*v1.Node]()]
	node, exists, err := nodes.indexer.GetByKey(name)
	if err != nil {
		return err
	}
	if !exists {
		return fmt.Errorf("unknown node: %s", name)
	}
	return nodes.remove(node.(*v1.Node))
}

func (p *player) nextVersion() string {
	p.version++
	return "r" + strconv.FormatInt(p.version, 10)
}
