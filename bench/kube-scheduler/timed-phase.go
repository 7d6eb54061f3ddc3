package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"slices"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/klog/v2"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler"
	"k8s.io/kubernetes/pkg/scheduler/framework"
)

// backoffWindow is the width of the windows in which upstream orders the pods that back off.
const backoffWindow = time.Second

// metricsSample is the share of attempts, in percent, for which upstream measures each plugin.
const metricsSample = 10

// phaseResult is what a "schedule" operation came to.
type phaseResult struct {
	Name          string `json:"name"`
	Measured      bool   `json:"measured"`
	Attempts      int    `json:"attempts"`
	Scheduled     int    `json:"scheduled"`
	Unschedulable int    `json:"unschedulable"`
	// Preempted counts victims.
	Preempted int `json:"preempted"`
	// Errors counts attempts that neither placed a pod nor found it unschedulable.
	Errors int `json:"errors,omitempty"`
	// Seconds is the time of the attempts alone.
	Seconds float64 `json:"seconds"`
	// EventSeconds is the time in which the scheduler took in the events that the attempts caused.
	EventSeconds float64 `json:"eventSeconds"`
}

// attemptEnd is what an attempt leaves for after the clock has been stopped.
type attemptEnd struct {
	skipped bool
	assumed *v1.Pod
	status  *fwk.Status
}

func (p *player) schedulePhase(one *operation) error {
	phase := &phaseResult{Name: one.Name, Measured: one.Measured}
	p.phases = append(p.phases, phase)
	for p.passBackoff(earliestExpiry(p.backingOff(true))) {
	}
	decisions, events := &stopwatch{}, &stopwatch{}
	// The phase pays for its own garbage, and not for that of the objects read before.
	runtime.GC()
	for one.Attempts == 0 || phase.Attempts < one.Attempts {
		decisions.start()
		queued, err := p.next()
		if err != nil {
			return err
		}
		if queued == nil {
			decisions.stop()
			if p.passBackoff(earliestExpiry(p.backingOff(false))) {
				continue
			}
			break
		}
		if queued.BackoffExpiration.After(p.clock.Now()) {
			decisions.stop()
			p.passBackoff(queued.BackoffExpiration)
			decisions.start()
		}
		end, err := p.attempt(queued)
		decisions.stop()
		if err != nil {
			return err
		}
		if end.skipped {
			continue
		}
		phase.Attempts++
		p.attempts++
		p.clock.Step(clockTick)
		phase.count(queued, end)
		events.start()
		victims, err := p.settle(end)
		if err != nil {
			return err
		}
		phase.Preempted += victims
		if err := p.tickChurns(); err != nil {
			return err
		}
		events.stop()
	}
	phase.Seconds, phase.EventSeconds = decisions.total.Seconds(), events.total.Seconds()
	return nil
}

// stopwatch adds up what lies between its starts and stops.
type stopwatch struct {
	since time.Time
	total time.Duration
}

func (s *stopwatch) start() { s.since = time.Now() }
func (s *stopwatch) stop()  { s.total += time.Since(s.since) }

func (r *phaseResult) count(queued *framework.QueuedPodInfo, end attemptEnd) {
	switch {
	case end.status.IsSuccess():
		r.Scheduled++
	case end.status.IsRejected():
		r.Unschedulable++
	default:
		if r.Errors == 0 {
			fmt.Fprintf(os.Stderr, "%s: %s\n", podKey(queued.Pod), end.status.Message())
		}
		r.Errors++
	}
}

// next takes a pod from the queue; nil when the queue has none to give.
func (p *player) next() (*framework.QueuedPodInfo, error) {
	entity, err := p.scheduler.SchedulingQueue.Pop(klog.Logger{})
	if err != nil || entity == nil {
		return nil, err
	}
	queued, single := entity.(*framework.QueuedPodInfo)
	if !single {
		return nil, fmt.Errorf("pod groups are not supported: %s", entity.GetName())
	}
	return queued, nil
}

// attempt is one round of Scheduler.ScheduleOne up to where it starts the binding cycle: the same calls in the same
// order. ScheduleOne itself would bind in a goroutine, while the next attempt is under way.
func (p *player) attempt(queued *framework.QueuedPodInfo) (end attemptEnd, err error) {
	queue := p.scheduler.SchedulingQueue
	schedFramework := p.scheduler.Profiles[queued.Pod.Spec.SchedulerName]
	if p.skips(queued.Pod) {
		queue.Done(queued.Pod.UID)
		end.skipped = true
		return end, nil
	}
	start := time.Now()
	state := framework.NewCycleState()
	state.SetRecordPluginMetrics(rand.Intn(100) < metricsSample)
	podsToActivate := framework.NewPodsToActivate()
	state.Write(framework.PodsToActivateKey, podsToActivate)
	ctx, cancel := context.WithCancel(p.context)
	defer cancel()

	if err := p.refresh(); err != nil {
		return end, err
	}
	result, err := p.scheduler.SchedulePod(ctx, schedFramework, state, queued)
	if err != nil {
		var nominating *fwk.NominatingInfo
		end.status, nominating = postFilter(ctx, schedFramework, state, queued.Pod, err)
		p.scheduler.FailureHandler(ctx, schedFramework, queued, end.status, nominating, start)
		return end, nil
	}
	assumedInfo := queued.DeepCopy()
	end.assumed = assumedInfo.Pod
	end.status = p.assume(ctx, schedFramework, state, end.assumed, result.SuggestedHost)
	if !end.status.IsSuccess() {
		p.scheduler.FailureHandler(ctx, schedFramework, assumedInfo, end.status, clearNomination(), start)
		return end, nil
	}
	if len(podsToActivate.Map) != 0 {
		queue.Activate(klog.Logger{}, podsToActivate.Map)
	}
	// Upstream does this at the start of the binding cycle.
	queue.Done(end.assumed.UID)
	return end, nil
}

func clearNomination() *fwk.NominatingInfo {
	return &fwk.NominatingInfo{NominatingMode: fwk.ModeOverride}
}

// skips tells whether the pod is not worth an attempt: it is being deleted, or it has a node already.
func (p *player) skips(pod *v1.Pod) bool {
	if pod.DeletionTimestamp != nil {
		return true
	}
	assumed, err := p.scheduler.Cache.IsAssumedPod(pod)
	return err == nil && assumed
}

// postFilter gives the status of a failed attempt and the nomination that follows from it.
func postFilter(ctx context.Context, schedFramework framework.Framework, state fwk.CycleState, pod *v1.Pod, failure error) (*fwk.Status, *fwk.NominatingInfo) {
	if errors.Is(failure, scheduler.ErrNoNodesAvailable) {
		return fwk.NewStatus(fwk.UnschedulableAndUnresolvable).WithError(failure), clearNomination()
	}
	fit, unfit := failure.(*framework.FitError)
	if !unfit {
		return fwk.AsStatus(failure), clearNomination()
	}
	status := fwk.NewStatus(fwk.Unschedulable).WithError(failure)
	if !schedFramework.HasPostFilterPlugins() {
		return status, clearNomination()
	}
	result, found := schedFramework.RunPostFilterPlugins(ctx, state, pod, nodesInOrder{fit.Diagnosis.NodeToStatus})
	fit.Diagnosis.PostFilterMsg = found.Message()
	if result == nil {
		return status, nil
	}
	return status, result.NominatingInfo
}

// nodesInOrder gives the nodes where preemption may help in the order of the snapshot, where upstream gives them in map
// order and so looks at some hundred that chance picks.
type nodesInOrder struct{ fwk.NodeToStatusReader }

func (n nodesInOrder) NodesForStatusCode(lister fwk.NodeInfoLister, code fwk.Code) ([]fwk.NodeInfo, error) {
	all, err := lister.List()
	if err != nil {
		return nil, err
	}
	var nodes []fwk.NodeInfo
	for _, node := range all {
		if n.Get(node.Node().Name).Code() == code {
			nodes = append(nodes, node)
		}
	}
	return nodes, nil
}

// assume puts the pod on the node in the cache, reserves and asks the Permit plugins.
func (p *player) assume(ctx context.Context, schedFramework framework.Framework, state fwk.CycleState, pod *v1.Pod, node string) *fwk.Status {
	pod.Spec.NodeName = node
	if err := p.scheduler.Cache.AssumePod(klog.Logger{}, pod); err != nil {
		return fwk.AsStatus(err)
	}
	p.scheduler.SchedulingQueue.DeleteNominatedPodIfExists(pod)
	status := schedFramework.RunReservePluginsReserve(ctx, state, pod, node)
	if status.IsSuccess() {
		_, status = schedFramework.RunPermitPlugins(ctx, state, pod, node)
	}
	if status.IsSuccess() {
		return nil
	}
	schedFramework.RunReservePluginsUnreserve(ctx, state, pod, node)
	if err := p.scheduler.Cache.ForgetPod(klog.Logger{}, pod); err != nil {
		return fwk.AsStatus(err)
	}
	if !status.IsRejected() {
		return status
	}
	fit := &framework.FitError{NumAllNodes: 1, Pod: pod, Diagnosis: framework.Diagnosis{NodeToStatus: framework.NewDefaultNodeToStatus()}}
	fit.Diagnosis.NodeToStatus.Set(node, status)
	fit.Diagnosis.AddPluginStatus(status)
	return fwk.NewStatus(status.Code()).WithError(fit)
}

// settle lets the cluster follow an attempt, as the API server and the informers would: the pod is bound and runs, or
// its victims go and its status says why it waits. It returns the number of victims.
func (p *player) settle(end attemptEnd) (int, error) {
	if end.status.IsSuccess() {
		key := podKey(end.assumed)
		p.placements.add(key, end.assumed.Spec.NodeName)
		running := end.assumed.DeepCopy()
		running.ResourceVersion = p.nextVersion()
		p.run(running)
		return 0, p.pods().update(p.pod(key), running)
	}
	victims := p.victims.pods
	p.victims.pods = nil
	// Upstream evicts side by side; the order in which the goroutines got here must not decide.
	slices.SortStableFunc(victims, func(a, b *v1.Pod) int { return a.Status.StartTime.Compare(b.Status.StartTime.Time) })
	for _, victim := range victims {
		if err := p.removePod(podKey(victim)); err != nil {
			return 0, err
		}
	}
	patches := p.api.patches
	p.api.patches = nil
	for _, patch := range patches {
		before := p.pod(podKey(patch.pod))
		if before == nil {
			continue
		}
		if after := patch.apply(before); after != nil {
			after.ResourceVersion = p.nextVersion()
			if err := p.pods().update(before, after); err != nil {
				return 0, err
			}
		}
	}
	return len(victims), nil
}

// passBackoff sets the clock past the window of a back-off and wakes the pods whose back-off is over then, as the
// queue's own goroutine does each second. It tells whether there were any.
func (p *player) passBackoff(expiry time.Time) bool {
	if expiry.IsZero() {
		return false
	}
	if past := expiry.Add(backoffWindow); past.After(p.clock.Now()) {
		p.clock.SetTime(past)
	}
	woken := false
	for _, queued := range p.backingOff(true) {
		if queued.BackoffExpiration.Before(p.clock.Now().Truncate(backoffWindow)) {
			p.scheduler.SchedulingQueue.Activate(klog.Logger{}, map[string]*v1.Pod{queued.Pod.Name: queued.Pod})
			woken = true
		}
	}
	return woken
}

// backingOff are the pods that back off. A phase does not wait for those that came back with an error: what failed
// fails again until something is created or deleted.
func (p *player) backingOff(withErrors bool) []*framework.QueuedPodInfo {
	var all []*framework.QueuedPodInfo
	for _, pod := range p.scheduler.SchedulingQueue.PodsInBackoffQ() {
		queued, found := p.scheduler.SchedulingQueue.GetPod(pod.Name, pod.Namespace, nil)
		if found && (withErrors || queued.ConsecutiveErrorsCount == 0) {
			all = append(all, queued)
		}
	}
	return all
}

func earliestExpiry(all []*framework.QueuedPodInfo) time.Time {
	var earliest time.Time
	for _, queued := range all {
		if earliest.IsZero() || queued.BackoffExpiration.Before(earliest) {
			earliest = queued.BackoffExpiration
		}
	}
	return earliest
}
