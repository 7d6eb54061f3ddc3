package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/klog/v2"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler"
	"k8s.io/kubernetes/pkg/scheduler/framework"
)

// firstStart is the start time of a pod bound in the first attempt; each attempt adds a second.
var firstStart = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

// attempts schedules the pods of one case, one after another.
type attempts struct {
	*cluster
	preemption *watchedPreemption
	batching   bool
	perPlugin  bool
	order      []string
	records    []*record
}

// schedule attempts a pod, and again after each preemption, up to three times.
func (a *attempts) schedule(key string) error {
	for number := 1; number <= 3; number++ {
		again, err := a.attempt(key, number)
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		if !again {
			return nil
		}
	}
	return nil
}

func (a *attempts) attempt(key string, number int) (preempted bool, err error) {
	pod := a.pod(key)
	if pod == nil {
		return false, errors.New("the pod is gone")
	}
	entry := &record{Pod: key, Attempt: number}
	a.records = append(a.records, entry)
	a.cycle++

	for _, plugin := range a.framework.PreEnqueuePlugins() {
		if status := plugin.PreEnqueue(a.context, pod); !status.IsSuccess() {
			status.SetPlugin(plugin.Name())
			entry.Outcome, entry.PreEnqueue = "gated", verdictOf(status)
			return false, nil
		}
	}
	if err := a.refresh(); err != nil {
		return false, err
	}
	if a.perPlugin {
		entry.FilterPerPlugin = a.judgeAlone(pod)
	}

	// Terms that do not parse are no reason to leave a pod out: upstream ignores this error as well.
	podInfo, _ := framework.NewPodInfo(pod)
	queued := &framework.QueuedPodInfo{PodInfo: podInfo}
	if a.batching {
		queued.PodSignature = a.framework.SignPod(a.context, pod)
	}
	state := framework.NewCycleState()
	watched := watch(a.framework, a.cycle)
	result, failure := a.scheduler.SchedulePod(a.context, watched, state, queued)
	a.describeSearch(entry, watched, state)
	if failure != nil {
		return a.fail(entry, watched, state, pod, failure)
	}
	return false, a.bind(entry, watched, state, pod, result)
}

func (a *attempts) describeSearch(entry *record, watched *watchedFramework, state fwk.CycleState) {
	entry.SkippedFilter = sets.List(state.GetSkipFilterPlugins())
	entry.NodeHint = watched.hint
	for node, status := range watched.rejected {
		if entry.Filter == nil {
			entry.Filter = map[string]verdict{}
		}
		entry.Filter[node] = *verdictOf(status)
	}
	if !watched.preFilterStatus.IsSuccess() {
		if watched.preFilterStatus.IsRejected() {
			entry.PreFilter = verdictOf(watched.preFilterStatus)
		}
		return
	}
	if !watched.preFilterResult.AllNodes() {
		entry.PreFilterNodes = sets.List(watched.preFilterResult.NodeNames)
	} else if len(watched.visited) > 0 {
		entry.VisitStart = watched.visited[0]
	}
}

// bind takes the first of the best nodes, where upstream's pick depends on how a heap happens to be filled, assumes
// the pod, reserves, and confirms it as running.
func (a *attempts) bind(entry *record, watched *watchedFramework, state fwk.CycleState, pod *v1.Pod, result scheduler.ScheduleResult) error {
	entry.Outcome = "bound"
	entry.Evaluated = result.EvaluatedNodes
	// The search drops the node that passed after the last one wanted.
	entry.Feasible = watched.passed[:result.FeasibleNodes]
	severalNamed := len(entry.PreFilterNodes) > 0 && len(entry.Feasible) > 1
	if severalNamed {
		a.sortNodes(entry.Feasible)
	}
	entry.Node = result.SuggestedHost
	if len(entry.Feasible) == 1 {
		entry.ScoringSkipped = true
	} else {
		entry.SkippedScore = sets.List(state.GetSkipScorePlugins())
		a.describeScores(entry, watched)
		if !severalNamed {
			entry.UpstreamPick = result.SuggestedHost
		}
		if !a.batching {
			entry.Node = entry.Best[0]
		}
	}

	assumed := pod.DeepCopy()
	assumed.Spec.NodeName = entry.Node
	if err := a.scheduler.Cache.AssumePod(klog.Logger{}, assumed); err != nil {
		return err
	}
	a.scheduler.SchedulingQueue.DeleteNominatedPodIfExists(assumed)
	if status := a.framework.RunReservePluginsReserve(a.context, state, assumed, entry.Node); !status.IsSuccess() {
		return fmt.Errorf("reserve failed: %s", status.Message())
	}
	running := assumed.DeepCopy()
	running.Status.Phase = v1.PodRunning
	started := metav1.NewTime(firstStart.Add(time.Duration(len(a.records)-1) * time.Second))
	running.Status.StartTime = &started
	return a.pods().update(pod, running)
}

func (a *attempts) describeScores(entry *record, watched *watchedFramework) {
	weights := map[string]int64{}
	for _, plugin := range a.framework.ListPlugins().Score.Enabled {
		weights[plugin.Name] = int64(plugin.Weight)
	}
	entry.Totals = map[string]int64{}
	for _, node := range watched.scores {
		entry.Totals[node.Name] = node.TotalScore
		for i, score := range node.Scores {
			if entry.Scores == nil {
				entry.Scores = map[string]map[string]pluginScore{}
			}
			if entry.Scores[score.Name] == nil {
				entry.Scores[score.Name] = map[string]pluginScore{}
			}
			entry.Scores[score.Name][node.Name] = pluginScore{
				Raw:        node.RawScores[i].Score,
				Normalized: score.Score / weights[score.Name],
				Weighted:   score.Score,
			}
		}
	}
	for _, name := range a.order {
		total, scored := entry.Totals[name]
		if !scored {
			continue
		}
		if len(entry.Best) > 0 && total > entry.Totals[entry.Best[0]] {
			entry.Best = nil
		}
		if len(entry.Best) == 0 || total == entry.Totals[entry.Best[0]] {
			entry.Best = append(entry.Best, name)
		}
	}
}

// fail records why, and preempts as the PostFilter plugins say.
func (a *attempts) fail(entry *record, watched *watchedFramework, state fwk.CycleState, pod *v1.Pod, failure error) (preempted bool, err error) {
	fit, unfit := failure.(*framework.FitError)
	if !unfit {
		entry.Outcome, entry.Error = "error", failure.Error()
		if errors.Is(failure, scheduler.ErrNoNodesAvailable) {
			entry.Outcome, entry.Error, entry.Message = "unschedulable", "", failure.Error()
		}
		return false, a.nominate(podKey(pod), "")
	}
	entry.Outcome = "unschedulable"
	if entry.PreFilter == nil && len(watched.rejected) < len(a.order) {
		entry.AbsentNodes = verdictOf(fit.Diagnosis.NodeToStatus.AbsentNodesStatus())
	}
	if !a.framework.HasPostFilterPlugins() {
		entry.Message = fit.Error()
		return false, a.nominate(podKey(pod), "")
	}
	if a.preemption != nil {
		a.preemption.reset()
	}
	result, status := a.framework.RunPostFilterPlugins(a.context, state, pod, fit.Diagnosis.NodeToStatus)
	fit.Diagnosis.PostFilterMsg = status.Message()
	entry.PostFilterMessage, entry.Message = status.Message(), fit.Error()
	if a.preemption != nil {
		for node, status := range a.preemption.failed {
			if entry.PreemptionNodes == nil {
				entry.PreemptionNodes = map[string]verdict{}
			}
			entry.PreemptionNodes[node] = *verdictOf(status)
		}
	}
	if result == nil || result.Mode() == fwk.ModeNoop {
		return false, nil
	}
	node := result.NominatedNodeName
	if status.IsSuccess() && node != "" && a.preemption != nil {
		entry.Preemption = a.preemption.describe(node, a.preemption.clearedNominations(a.framework, pod, node))
		if err := a.evict(entry.Preemption); err != nil {
			return false, err
		}
	}
	return entry.Preemption != nil, a.nominate(podKey(pod), node)
}

func (a *attempts) evict(preemption *preemptionRecord) error {
	for _, victim := range preemption.Victims {
		if err := a.pods().remove(a.pod(victim)); err != nil {
			return err
		}
	}
	for _, other := range preemption.ClearedNominations {
		if err := a.nominate(other, ""); err != nil {
			return err
		}
	}
	return nil
}

func (a *attempts) sortNodes(names []string) {
	slices.SortFunc(names, func(x, y string) int { return slices.Index(a.order, x) - slices.Index(a.order, y) })
}

// verdictOf sorts the reasons that upstream produces in map order: those of NodeResourcesFit for resources other than
// the three it holds in fields, which come last.
func verdictOf(status *fwk.Status) *verdict {
	reasons := slices.Clone(status.Reasons())
	first := slices.IndexFunc(reasons, isScalarReason)
	if first >= 0 && (status.Plugin() == "NodeResourcesFit" || status.Plugin() == "") {
		slices.Sort(reasons[first:])
	}
	return &verdict{Code: status.Code().String(), Plugin: status.Plugin(), Reasons: reasons}
}

func isScalarReason(reason string) bool {
	resource, insufficient := strings.CutPrefix(reason, "Insufficient ")
	return insufficient && resource != "cpu" && resource != "memory" && resource != "ephemeral-storage"
}
