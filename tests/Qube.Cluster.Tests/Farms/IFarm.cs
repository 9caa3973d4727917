namespace Qube.Cluster.Tests.Farms;

/// <summary>A farm of a test, of one process or of many, as clients and their scripts see it.</summary>
internal interface IFarm
{
    /// <summary>Everything of this farm is below it.</summary>
    string Root { get; }

    /// <summary>Where frames write down that they begin and end.</summary>
    string Trace { get; }

    /// <summary>The API that clients ask.</summary>
    string Url { get; }

    string[] TraceLines();

    /// <summary>What its processes had to say, for the message of a failed test.</summary>
    string Log();

    /// <summary>Leaves the farm's folder for whoever looks into a failure; returns it.</summary>
    string KeepFolder();
}
