using Carillon.Testing.Logs;
using Carillon.Transports;

namespace Carillon.Testing.Transports;

/// <summary>A message to hand over.</summary>
/// <param name="Message">The message.</param>
/// <param name="Known">What is remembered of it.</param>
/// <param name="EarlierDeliveries">How often it was handed over before.</param>
internal readonly record struct TakenMessage(CommittedMessage Message, KeyedPosition Known, int EarlierDeliveries);
