using Carillon.Transports;

namespace Carillon.Relaying;

/// <summary>A call of the transport that has begun.</summary>
/// <param name="Places">Which places of the batch are sent with it.</param>
/// <param name="Answer">What the transport answers.</param>
internal readonly record struct RelayCall(List<int> Places, Task<IReadOnlyList<SendFailure>?> Answer);
