using Qube.Contracts;

namespace Qube.Wire;

/// <summary>Every type that is sent or stored, under its manifest. Manifests are versioned, never reused, and say nothing of CLR names;
/// the field numbers behind them are pinned by the approved schema in the tests.</summary>
public static class WireTable
{
    public static readonly (string Manifest, Type Type)[] Messages =
    [
        // Journals.
        ("je1", typeof(JobEvents.Created)),
        ("je2", typeof(JobEvents.Batch)),
        ("fe1", typeof(FrameEvents.AttemptRecorded)),
        ("ce1", typeof(CallbackEvents.SourceBound)),
        ("ce2", typeof(CallbackEvents.Folded)),
        ("ce3", typeof(CallbackEvents.LabelBound)),
        ("xe1", typeof(FarmEvents.IdsIssued)),
        ("xe2", typeof(FarmEvents.Settled)),
        ("xe3", typeof(FarmEvents.Revived)),
        ("ge1", typeof(ProcessGroupEvents.Accepted)),
        ("ge2", typeof(ProcessGroupEvents.Voided)),
        ("ge3", typeof(ProcessGroupEvents.Created)),
        ("ge4", typeof(ProcessGroupEvents.Joined)),
        ("ge5", typeof(ProcessGroupEvents.Left)),
        ("he1", typeof(HostEvents.LocksChanged)),
        ("he2", typeof(HostEvents.StateChanged)),

        // Snapshots.
        ("js1", typeof(JobSnapshot)),

        // Jobs.
        ("j1", typeof(JobMessages.CreateJob)),
        ("j2", typeof(JobMessages.JobCreated)),
        ("j3", typeof(JobMessages.WakeJob)),
        ("j4", typeof(JobMessages.ControlJob)),
        ("j5", typeof(JobMessages.ControlDone)),
        ("j6", typeof(JobMessages.ForgetCommands)),
        ("j7", typeof(JobMessages.ModifyJob)),
        ("j8", typeof(JobMessages.GetSource)),
        ("j9", typeof(JobMessages.Source)),
        ("j10", typeof(JobMessages.GetJob)),
        ("j11", typeof(JobMessages.JobReply)),
        ("j12", typeof(JobMessages.GetHistory)),
        ("j13", typeof(JobMessages.HistoryReply)),
        ("j14", typeof(JobMessages.Page)),
        ("j15", typeof(JobMessages.GetPage)),

        // The ledger and explanations.
        ("l1", typeof(LedgerMessages.GetFirings)),
        ("l2", typeof(LedgerMessages.Firings)),
        ("l3", typeof(LedgerMessages.Refire)),
        ("l4", typeof(LedgerMessages.FiringRefired)),
        ("l5", typeof(ExplainMessages.GetTriggers)),
        ("l6", typeof(ExplainMessages.Triggers)),
        ("l7", typeof(ExplainMessages.GetLacks)),
        ("l8", typeof(ExplainMessages.Lacks)),
        ("l9", typeof(ExplainMessages.GetSubject)),
        ("l10", typeof(ExplainMessages.Subject)),

        // Workers.
        ("w1", typeof(WorkerMessages.Attach)),
        ("w2", typeof(WorkerMessages.Attached)),
        ("w3", typeof(WorkerMessages.SyncInstances)),
        ("w4", typeof(WorkerMessages.HandOut)),
        ("w5", typeof(WorkerMessages.StopItems)),
        ("w6", typeof(WorkerMessages.Report)),
        ("w7", typeof(WorkerMessages.EpochRefused)),
        ("w8", typeof(WorkerMessages.SuspendInstance)),

        // Dispatch.
        ("d1", typeof(DispatchMessages.Demand)),
        ("d2", typeof(DispatchMessages.Grant)),
        ("d3", typeof(DispatchMessages.HostArrived)),
        ("d4", typeof(DispatchMessages.HostLost)),
        ("d5", typeof(DispatchMessages.YieldParked)),
        ("d6", typeof(DispatchMessages.PendingReason)),
        ("d7", typeof(DispatchMessages.RollCall)),
        ("d8", typeof(DispatchMessages.HostLocks)),

        // Farm and process groups.
        ("x1", typeof(FarmMessages.IssueIds)),
        ("x2", typeof(FarmMessages.IdsIssued)),
        ("x3", typeof(FarmMessages.GetLastId)),
        ("x4", typeof(FarmMessages.LastId)),
        ("x5", typeof(FarmMessages.JobSettled)),
        ("x6", typeof(FarmMessages.JobRevived)),
        ("x7", typeof(FarmMessages.JobRevivedAck)),
        ("g1", typeof(FarmMessages.AcceptSubmission)),
        ("g2", typeof(FarmMessages.SubmissionAccepted)),
        ("g3", typeof(FarmMessages.SubmissionRefused)),
        ("g4", typeof(FarmMessages.GetProcessGroup)),
        ("g5", typeof(FarmMessages.ProcessGroup)),
        ("g6", typeof(FarmMessages.GetSpec)),
        ("g7", typeof(FarmMessages.NoSuchJob)),
        ("g8", typeof(FarmMessages.JoinGroup)),
        ("g9", typeof(FarmMessages.GroupJoined)),
        ("g10", typeof(FarmMessages.LeaveGroup)),

        // Bus, hosts, read model.
        ("b1", typeof(BusMessages.Envelope)),
        ("b2", typeof(BusMessages.Heads)),
        ("b3", typeof(BusMessages.Subscribe)),
        ("h1", typeof(HostMessages.LockHost)),
        ("h2", typeof(HostMessages.HostLocked)),
        ("h3", typeof(HostMessages.GetHosts)),
        ("h4", typeof(HostMessages.Hosts)),
        ("h5", typeof(HostMessages.HostStateSeen)),
        // Events of users, hosts as sources, global callbacks.
        ("xe4", typeof(FarmEvents.Raised)),
        ("xe5", typeof(FarmEvents.HostJoined)),
        ("xe6", typeof(FarmEvents.GlobalAdded)),
        ("xe7", typeof(FarmEvents.GlobalsRemoved)),
        ("he3", typeof(HostEvents.Raised)),
        ("v1", typeof(EventMessages.RaiseOfJob)),
        ("v2", typeof(EventMessages.RaiseOfHost)),
        ("v3", typeof(EventMessages.RaiseOfFarm)),
        ("v4", typeof(EventMessages.Raised)),
        ("v5", typeof(EventMessages.NoteHost)),
        ("v6", typeof(EventMessages.HostNoted)),
        ("v7", typeof(EventMessages.WakeHost)),
        ("v8", typeof(EventMessages.HostKnown)),
        ("v9", typeof(EventMessages.GetHostNames)),
        ("v10", typeof(EventMessages.HostNames)),
        ("v11", typeof(EventMessages.AddGlobal)),
        ("v12", typeof(EventMessages.GlobalAdded)),
        ("v13", typeof(EventMessages.RemoveGlobals)),
        ("v14", typeof(EventMessages.GetGlobals)),
        ("v15", typeof(EventMessages.GlobalIds)),
        ("v16", typeof(EventMessages.GetGlobal)),

        // Settings of hosts, farm-wide resources.
        ("he4", typeof(HostEvents.VarsChanged)),
        ("h6", typeof(HostMessages.SetHostVars)),
        ("h7", typeof(HostMessages.HostVarsSet)),
        ("xe8", typeof(FarmEvents.ResourcesSet)),
        ("g11", typeof(FarmMessages.SetResources)),
        ("g12", typeof(FarmMessages.ResourcesSet)),
        ("d9", typeof(DispatchMessages.GlobalResources)),
        ("d10", typeof(DispatchMessages.GetGlobalUsage)),
        ("d11", typeof(DispatchMessages.GlobalUsage)),

        // Modes of the supervisor, jobs of a host.
        ("xe9", typeof(FarmEvents.ModesSet)),
        ("g13", typeof(FarmMessages.SetModes)),
        ("g14", typeof(FarmMessages.ModesSet)),
        ("d12", typeof(DispatchMessages.GetHostJobs)),
        ("d13", typeof(DispatchMessages.HostJobs)),

        ("r1", typeof(ReadModelMessages.JobChanged)),
        ("r2", typeof(ReadModelMessages.JobRemoved)),
        ("r3", typeof(ReadModelMessages.Flush)),
        ("r4", typeof(ReadModelMessages.Flushed)),
        ("r5", typeof(ReadModelMessages.QueryJobs)),
        ("r6", typeof(ReadModelMessages.JobRows)),

        // Several supervisors.
        ("x8", typeof(FarmMessages.JobMoved)),
        ("g15", typeof(FarmMessages.FindJob)),
        ("g16", typeof(FarmMessages.JobFound)),

        // Users.
        ("ue1", typeof(FarmEvents.UserSet)),
        ("u1", typeof(UserMessages.EditUser)),
        ("u2", typeof(UserMessages.UserEdited)),
        ("u3", typeof(UserMessages.GetUsers)),
        ("u4", typeof(UserMessages.Users)),
        ("u5", typeof(UserMessages.GetUser)),
        ("u6", typeof(UserMessages.Known)),
    ];
}
