using System.Globalization;

namespace Carillon.KillTests;

/// <summary>What the checks say of a history after a drain.</summary>
/// <param name="Lost">What was acknowledged and never happened.</param>
/// <param name="Phantom">What happened without having been published.</param>
/// <param name="Repeated">What happened more than once.</param>
/// <param name="OutOfOrder">What happened after something that was published later.</param>
/// <param name="Buried">What is or was a dead letter and should not have been.</param>
/// <param name="Parted">Rows without their message, and messages without their row.</param>
/// <param name="Unsettled">How many messages no cursor has passed although everybody stopped cleanly.</param>
internal sealed record Verdict(
    IReadOnlyList<Happening> Lost,
    IReadOnlyList<Happening> Phantom,
    Repetitions Repeated,
    IReadOnlyList<Happening> OutOfOrder,
    IReadOnlyList<Happening> Buried,
    IReadOnlyList<Happening> Parted,
    int Unsettled)
{
    /// <summary>Of nothing yet.</summary>
    public static readonly Verdict Nothing = new([], [], new Repetitions([], []), [], [], [], 0);

    private const int Examples = 5;

    /// <summary>Whether every guarantee was kept.</summary>
    public bool IsClean => Lost.Count + Phantom.Count + Repeated.Wrong.Count + OutOfOrder.Count + Buried.Count + Parted.Count + Unsettled == 0;

    /// <summary>Checks a history.</summary>
    /// <param name="history">What happened.</param>
    /// <param name="promise">What was promised.</param>
    /// <param name="unsettled">What the transport says is not settled.</param>
    public static Verdict Of(History history, Promise promise, int unsettled) => new(
        LossCheck.Find(history),
        PhantomCheck.Find(history),
        RepetitionCheck.Find(history, promise),
        OrderCheck.Find(history),
        BurialCheck.Find(history, promise),
        promise.Books ? BookingCheck.Find(history) : [],
        unsettled);

    /// <summary>What is wrong, with a few examples each, for people.</summary>
    public IEnumerable<string> Describe() => new[]
    {
        Describe("lost", [.. Lost.Select(one => one.ToString())]),
        Describe("phantom", [.. Phantom.Select(one => one.ToString())]),
        Describe("double", [.. Repeated.Wrong.Select(one => $"{one.Happening} again by {one.Process} as row {one.Position}")]),
        Describe("out of order", [.. OutOfOrder.Select(one => one.ToString())]),
        Describe("wrongly given up", [.. Buried.Select(one => one.ToString())]),
        Describe("row or message alone", [.. Parted.Select(one => one.ToString())]),
        Unsettled == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{Unsettled} messages not settled after everybody stopped"),
    }.OfType<string>();

    private static string? Describe(string what, IReadOnlyList<string> found) =>
        found.Count == 0 ? null : $"{found.Count} {what}: {string.Join(", ", found.Take(Examples))}{(found.Count > Examples ? ", …" : "")}";
}
