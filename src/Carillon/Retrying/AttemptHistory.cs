using Carillon.Parking;

namespace Carillon.Retrying;

/// <summary>Which attempts of a message are kept, so that a message which is tried for ever stays as small as any other.</summary>
internal static class AttemptHistory
{
    /// <summary>How many of the first attempts are kept.</summary>
    public const int First = 4;

    /// <summary>How many of the latest attempts are kept.</summary>
    public const int Latest = 12;

    /// <summary>The first and the latest attempts. Their numbers tell how many there were.</summary>
    public static IReadOnlyList<FailedAttempt> Shorten(IReadOnlyList<FailedAttempt> attempts) =>
        attempts.Count <= First + Latest ? attempts : [.. attempts.Take(First), .. attempts.Skip(attempts.Count - Latest)];
}
