namespace Carillon.Transports;

/// <summary>One message of a batch that was not stored.</summary>
/// <param name="Index">The index of the message in the batch.</param>
/// <param name="Error">
/// Why, with the code that its publisher will see, and whether it is for now or for good (<see cref="PublishFailedException.IsTransient"/>).
/// </param>
public readonly record struct SendFailure(int Index, PublishFailedException Error);
