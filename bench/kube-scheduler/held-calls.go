package main

import (
	"context"
	"sync"

	v1 "k8s.io/api/core/v1"
	fwk "k8s.io/kube-scheduler/framework"
	podutil "k8s.io/kubernetes/pkg/api/v1/pod"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/defaultpreemption"
	"k8s.io/kubernetes/pkg/scheduler/framework/preemption"
)

// heldCalls keeps the calls to the API server that an attempt makes, where upstream would send them. They take effect
// after the attempt, as events.
type heldCalls struct {
	patches []statusPatch
}

type statusPatch struct {
	pod        *v1.Pod
	conditions []*v1.PodCondition
	nominating *fwk.NominatingInfo
}

func (h *heldCalls) PatchPodStatus(pod *v1.Pod, conditions []*v1.PodCondition, nominating *fwk.NominatingInfo) (<-chan error, error) {
	h.patches = append(h.patches, statusPatch{pod, conditions, nominating})
	return nil, nil
}

func (h *heldCalls) BindPod(*v1.Binding) (<-chan error, error) { return nil, nil }

func (h *heldCalls) WaitOnFinish(context.Context, <-chan error) error { return nil }

// apply returns the pod with the patch, or nil when the patch changes nothing.
func (s statusPatch) apply(pod *v1.Pod) *v1.Pod {
	patched := pod.DeepCopy()
	changed := false
	for _, condition := range s.conditions {
		changed = podutil.UpdatePodCondition(&patched.Status, condition.DeepCopy()) || changed
	}
	if s.nominating.Mode() == fwk.ModeOverride && patched.Status.NominatedNodeName != s.nominating.NominatedNodeName {
		patched.Status.NominatedNodeName = s.nominating.NominatedNodeName
		changed = true
	}
	if !changed {
		return nil
	}
	return patched
}

// heldVictims keeps the pods that an attempt evicts.
type heldVictims struct {
	lock sync.Mutex
	pods []*v1.Pod
}

// takeFrom puts itself in the place of the call that deletes a victim, and lets the dry run begin at the first node,
// where upstream begins at a random one.
func (h *heldVictims) takeFrom(f framework.Framework) {
	for _, plugin := range f.PreEnqueuePlugins() {
		if preempting, ok := plugin.(*defaultpreemption.DefaultPreemption); ok {
			preempting.Executor.PreemptPod = func(_ context.Context, _ preemption.Candidate, _ preemption.ExecutorPreemptor, victim *v1.Pod, _ string) (bool, error) {
				h.lock.Lock()
				defer h.lock.Unlock()
				h.pods = append(h.pods, victim)
				return false, nil
			}
			preempting.Evaluator.Interface = fromFirstNode{preempting.Evaluator.Interface}
		}
	}
}

type fromFirstNode struct{ preemption.Interface }

func (f fromFirstNode) GetOffsetAndNumCandidates(nodes int32) (int32, int32) {
	_, count := f.Interface.GetOffsetAndNumCandidates(nodes)
	return 0, count
}
