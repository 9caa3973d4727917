using Akka.Actor;
using Akka.Event;
using Qube.Contracts;

namespace Qube.Actors.ReadModel;

/// <summary>Answers queries on a connection and a thread of its own, beside the writer.</summary>
internal sealed class ReadModelQueryActor : ReceiveActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Func<IJobReadModel> _open;
    private IJobReadModel? _model;

    public ReadModelQueryActor(Func<IJobReadModel> open)
    {
        _open = open;
        Receive<ReadModelMessages.QueryJobs>(query => Sender.Tell(Answer(query.Query)));
    }

    public static Props Props(Func<IJobReadModel> open) =>
        Akka.Actor.Props.Create(() => new ReadModelQueryActor(open)).WithDispatcher("qube.read-model.read-dispatcher");

    protected override void PostStop()
    {
        _model?.Dispose();
        base.PostStop();
    }

    private ReadModelMessages.JobRows Answer(JobQuery query)
    {
        try
        {
            _model ??= _open();
            return new ReadModelMessages.JobRows { Rows = [.. _model.Query(query)] };
        }
        catch (ArgumentException wrong)
        {
            return new ReadModelMessages.JobRows { Error = wrong.Message };
        }
#pragma warning disable CA1031 // An asker always gets an answer; a fault of the storage is logged and told.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _log.Error(fault, "The read model could not be read");
            _model?.Dispose();
            _model = null;
            return new ReadModelMessages.JobRows { Away = true, Error = $"the list of jobs cannot be read at the moment: {fault.Message}" };
        }
    }
}
