namespace Carillon.Relational;

/// <summary>An instance of a subscription in this process, which has to be heard of again and again.</summary>
internal interface IRenewable
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>After how long somebody else should renew it, because it does not come to that itself.</summary>
    TimeSpan UntilLate { get; }

    /// <summary>It was heard of. Safe for several threads at once.</summary>
    /// <param name="began">When that was asked for, as a timestamp.</param>
    void Renewed(long began);
}
