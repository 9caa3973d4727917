namespace Qube.Triggers;

/// <summary>What a callback's code acts on: decides whether wildcards are joined and how often a batch fires.</summary>
public enum ActsOn
{
    /// <summary>Scripts, mail, posts: run once for every item, each with its own current item.</summary>
    EachEvent,

    /// <summary>Verbs on the whole job: a batch of a million items fires once.</summary>
    Job,

    /// <summary>`…-work-self`: work wildcards of one `&amp;&amp;` are joined by item name; a batch fires once, with all its items.</summary>
    Work,

    /// <summary>`…-subjob-self`: the same for instances.</summary>
    Subjob,
}
