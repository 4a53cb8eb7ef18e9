namespace Carillon.Publishing;

/// <summary>Who began a unit of work that is still open. It does not hold the unit of work itself, which its user may have let go.</summary>
/// <param name="Since">When it was begun.</param>
/// <param name="Caller">The method that began it, and where in it; null when that is not known.</param>
/// <param name="Activity">What the process was about, as its tracing calls it; null when nobody traces.</param>
/// <param name="Handled">The message that was being handled; null outside of handlers.</param>
internal sealed record OpenUnitOfWork(DateTimeOffset Since, string? Caller, string? Activity, EventId? Handled);
