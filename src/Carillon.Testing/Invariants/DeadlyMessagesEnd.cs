using Carillon.Testing.Worlds;

namespace Carillon.Testing.Invariants;

/// <summary>G5: a message that kills its process is set aside after a few times.</summary>
internal static class DeadlyMessagesEnd
{
    /// <summary>Says which messages went on to kill.</summary>
    public static IEnumerable<Finding> Find(SimulatedWorld world) =>
        from message in world.HandlerFaults.Unstopped
        select new Finding("G5: a message that kills is set aside", $"{message.Id} has killed {message.Deaths} processes", message.Id);
}
