import { Component, type ReactNode } from "react";
import { BrokenPage } from "./pages/FaultPages";

/** Keeps one broken page from taking the whole client down. */
export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return <BrokenPage again={() => this.setState({ broken: false })} />;
  }
}
