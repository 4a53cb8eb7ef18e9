namespace Carillon.Retrying;

/// <summary>An outage that handlers wait for.</summary>
/// <param name="Messages">What cannot be handled: the messages' name on the wire.</param>
/// <param name="Since">When it was noticed.</param>
/// <param name="Error">What the handlers threw last.</param>
internal sealed record OutageState(string Messages, DateTimeOffset Since, Exception Error);
