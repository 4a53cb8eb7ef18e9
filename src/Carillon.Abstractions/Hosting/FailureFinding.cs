using System.Globalization;
using Carillon.Diagnostics;

namespace Carillon;

/// <summary>What health says of work that fails again and again.</summary>
internal static class FailureFinding
{
    /// <summary>How long it has to fail: what fails once and then works is nothing to be called for.</summary>
    public static readonly TimeSpan LastingAfter = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(1);

    /// <summary>The finding, or null while the work succeeds, has failed for a moment only, or is no longer tried.</summary>
    /// <param name="failure">The work.</param>
    /// <param name="what">What does not work, as the beginning of a sentence, such as <c>The schedule of shop cannot be read</c>.</param>
    /// <param name="now">The time by the same clock.</param>
    public static HealthFinding? Of(RecurringFailure failure, string what, DateTimeOffset now) => Of(failure.Current, what, now);

    /// <inheritdoc cref="Of(RecurringFailure, string, DateTimeOffset)"/>
    public static HealthFinding? Of(FailureState? failure, string what, DateTimeOffset now)
    {
        if (failure is not { } state || now - state.Since < LastingAfter || now - state.LastAt > ForgottenAfter)
            return null;
        var error = string.Create(CultureInfo.InvariantCulture, $"{state.Error.GetType().Name}: {new LogText(state.Error.Message)}");
        return new HealthFinding(
            HealthSeverity.Unhealthy,
            string.Create(CultureInfo.InvariantCulture, $"{what}, since {state.Since:u} ({error}). It is tried again by itself; see to it that what it needs is there."))
        {
            Since = state.Since,
            Error = state.Error,
        };
    }
}
