namespace Carillon.Retrying;

/// <summary>How an outage has ended without a success.</summary>
internal enum OutageEnd
{
    /// <summary>It took longer than it is waited for: attempts count again.</summary>
    TookTooLong,

    /// <summary>No message waits for its end any more.</summary>
    NothingWaits,
}
