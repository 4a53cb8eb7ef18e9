namespace Carillon;

/// <summary>Which dead letters to list. Everything is optional.</summary>
public sealed record DeadLetterQuery
{
    /// <summary>Only those of this subscription.</summary>
    public string? Subscription { get; init; }

    /// <summary>Only messages of this type.</summary>
    public string? Type { get; init; }

    /// <summary>Only messages with this key.</summary>
    public string? Key { get; init; }

    /// <summary>Only those with this code, one of <see cref="ErrorCodes"/>.</summary>
    public string? Code { get; init; }

    /// <summary>All but those with this code, such as <see cref="ErrorCodes.KeyStopped"/>: what is tried again by itself.</summary>
    public string? ExceptCode { get; init; }

    /// <summary>Only those after this number: the last one of the page before.</summary>
    public long After { get; init; }

    /// <summary>
    /// The most dead letters to return, 1 to 1,000. Default 100: there may be more than one answer holds. Whoever wants all asks for page after page, with
    /// <see cref="After"/>, until one is empty.
    /// </summary>
    public int Limit { get; init; } = 100;
}
