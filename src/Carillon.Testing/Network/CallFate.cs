namespace Carillon.Testing.Network;

/// <summary>What becomes of one request.</summary>
/// <param name="There">How long the request travels.</param>
/// <param name="Back">How long the answer travels.</param>
/// <param name="LosesRequest">Whether the request never arrives.</param>
/// <param name="LosesAnswer">Whether the answer never arrives.</param>
internal readonly record struct CallFate(TimeSpan There, TimeSpan Back, bool LosesRequest = false, bool LosesAnswer = false);
