using System.Text.Json;
using System.Text.Json.Serialization;

namespace Carillon.KillTests;

/// <summary>What a process of the crew is told.</summary>
internal sealed record RoleSettings
{
    /// <summary>The hidden command that starts a process of the crew.</summary>
    public const string Command = "role";

    public required RoleName Role { get; init; }

    /// <summary>The process's place in the crew, which its history belongs to.</summary>
    public required string Place { get; init; }

    /// <summary>The name of this one process.</summary>
    public required string Process { get; init; }

    public required string Folder { get; init; }

    public required string Transport { get; init; }

    /// <summary>Where the transport is.</summary>
    public required string Address { get; init; }

    public required DeliveryGuarantee Mode { get; init; }

    /// <summary>Whether the process works through Entity Framework Core.</summary>
    public bool UsesContexts { get; init; }

    public required int Seed { get; init; }

    /// <summary>How many keys a publisher has.</summary>
    public required int Keys { get; init; }

    /// <summary>The mean time between two publications of a key, in seconds.</summary>
    public required double Pause { get; init; }

    public Sabotage Sabotage { get; init; }

    /// <summary>What goes on beside the kills.</summary>
    public Disturbances Disturbances { get; init; }

    /// <summary>Which version of its service the process runs.</summary>
    public Generation Generation { get; init; } = Generation.Older;

    /// <summary>Whether its handlers hang now and then.</summary>
    public bool Hangs { get; init; }

    /// <summary>How long leases and waits last.</summary>
    [JsonIgnore]
    public Timing Timing => Timing.Of(Mode, Disturbances);

    /// <summary>Where the process kills itself, or null.</summary>
    public PlannedFailpoint? Failpoint { get; init; }

    public static RoleSettings Parse(string text) => JsonSerializer.Deserialize(text, HistoryJson.Default.RoleSettings)!;

    public override string ToString() => JsonSerializer.Serialize(this, HistoryJson.Default.RoleSettings);
}
