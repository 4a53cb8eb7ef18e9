using Carillon.Configuration;

namespace Carillon;

/// <summary>When a service calls itself degraded or unhealthy. Settings section <c>Carillon:Health</c>.</summary>
public sealed class HealthOptions
{
    private const string Section = "Carillon:Health";
    private static readonly TimeSpan _shortestTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longestTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _shortestStall = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestStall = TimeSpan.FromDays(1);

    /// <summary>How long a check waits for an answer of each part of the service; what does not answer is itself unhealthy. 10 ms to 1 minute. Default 2 seconds.</summary>
    public TimeSpan CheckTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// After what time without any progress a subscription that holds messages, or a publisher whose messages wait to be confirmed, is unhealthy, and
    /// after what time a unit of work that nobody has disposed is named: 100 ms to 1 day. Longer than the longest handler takes. Default 2 minutes.
    /// </summary>
    public TimeSpan StalledAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// What dead letters of the service's subscriptions do to its health. Default <see cref="HealthImpact.Degraded"/>: a person should look, and
    /// probes that look for unhealthy leave the service in use.
    /// </summary>
    public HealthImpact DeadLetters { get; set; } = HealthImpact.Degraded;

    internal void Read(SettingsReader settings)
    {
        settings.Duration(nameof(CheckTimeout), _shortestTimeout, _longestTimeout, value => CheckTimeout = value);
        settings.Duration(nameof(StalledAfter), _shortestStall, _longestStall, value => StalledAfter = value);
        settings.Choice<HealthImpact>(nameof(DeadLetters), value => DeadLetters = value);
    }

    internal void Validate()
    {
        OptionCheck.InRange(Section, nameof(CheckTimeout), CheckTimeout, _shortestTimeout, _longestTimeout);
        OptionCheck.InRange(Section, nameof(StalledAfter), StalledAfter, _shortestStall, _longestStall);
    }
}
