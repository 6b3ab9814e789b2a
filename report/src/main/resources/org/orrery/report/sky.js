/* The boxes in three dimensions: one renderer, a scissored view for each cell, one camera, so that all turn together. Drawn only when something
   changed and the figure is on screen. */
const root = document.getElementById("sky"), probe = document.createElement("canvas").getContext("webgl2");
if (probe) {
  probe.getExtension("WEBGL_lose_context")?.loseContext();
  const T = await import("three"), {OrbitControls} = await import("three/addons/controls/OrbitControls.js");
  const data = JSON.parse(document.getElementById("data").textContent), half = data.side / 2, unit = data.side / 200;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches, pressed = k => document.querySelector(`#skybtn [data-k=${k}]`)?.getAttribute("aria-pressed") === "true";
  const state = {links: pressed("links"), arrows: pressed("arrows"), influence: pressed("influence"), attribution: pressed("attribution"), turn: !still};
  const canvas = document.createElement("canvas"); canvas.setAttribute("aria-hidden", "true");
  const gl = new T.WebGLRenderer({canvas, antialias: true, alpha: false, powerPreference: "low-power"});
  gl.setClearColor(0x0b0e17); gl.setScissorTest(true); gl.setPixelRatio(Math.min(2, devicePixelRatio));
  const fog = `uniform float unit; float near(vec4 p){return clamp(1.3-(-p.z/unit-430.)/340.,.16,1.3);}`;
  const ramp = a => { const stops = [[.169, .235, .471], [.761, .329, .247], [1, .851, .541]], x = Math.min(1, Math.max(0, a)) * 2, i = Math.min(1, Math.floor(x)), t = x - i; return stops[i].map((c, k) => c + t * (stops[i + 1][k] - c)); };
  const common = {transparent: true, depthWrite: false, blending: T.AdditiveBlending};
  const soft = new T.ShaderMaterial({...common, uniforms: {h: {value: 500}, unit: {value: unit}}, vertexShader: `attribute float size; attribute vec3 tint; uniform float h; varying float a; varying vec3 t; ${fog} void main(){vec4 p=modelViewMatrix*vec4(position,1.); a=near(p); t=tint; gl_PointSize=max(5.,size*5.*h*unit/-p.z); gl_Position=projectionMatrix*p;}`, fragmentShader: `varying float a; varying vec3 t; void main(){float r=2.*length(gl_PointCoord-.5); if(r>1.) discard; float core=smoothstep(.32,.2,r), glow=pow(1.-r,2.4)*.5; vec3 c=mix(t*vec3(1.,.85,.65),t,core); gl_FragColor=vec4(c*(core+glow)*a,1.);}`});
  const thin = new T.ShaderMaterial({...common, uniforms: {unit: {value: unit}}, vertexShader: `attribute vec3 tint; varying vec3 c; ${fog} void main(){vec4 p=modelViewMatrix*vec4(position,1.); c=tint*near(p); gl_Position=projectionMatrix*p;}`, fragmentShader: "varying vec3 c; void main(){gl_FragColor=vec4(c,1.);}"});
  const lines = (xyz, tints) => { const g = new T.BufferGeometry(); g.setAttribute("position", new T.Float32BufferAttribute(xyz, 3)); g.setAttribute("tint", new T.Float32BufferAttribute(tints, 3)); return new T.LineSegments(g, thin); };
  const cloud = (xyz, sizes, tints) => { const g = new T.BufferGeometry(); g.setAttribute("position", new T.Float32BufferAttribute(xyz, 3)); g.setAttribute("size", new T.Float32BufferAttribute(sizes, 1)); g.setAttribute("tint", new T.Float32BufferAttribute(tints, 3)); return new T.Points(g, soft); };
  const times = (c, a) => c.map(x => x * a), blue = [.498, .624, .878], green = [.333, .804, .682], white = [1, .97, .92];
  const scenes = data.webs.map(web => {
    const scene = new T.Scene(), cube = new T.EdgesGeometry(new T.BoxGeometry(2 * half, 2 * half, 2 * half)).attributes.position.array, n = web.sizes.length;
    scene.add(lines(Array.from(cube), Array(cube.length / 3).fill([.185, .216, .302]).flat()));
    const parts = {};
    parts.links = lines(web.stubs, web.closeness.flatMap(a => { const c = times(blue, .13 + .62 * a * a); return [...c, ...c]; }));
    if (web.influence.length) parts.influence = lines(web.stubs, web.influence.flatMap(a => { const c = times(ramp(a), .18 + .95 * a); return [...c, ...c]; }));
    parts.halos = cloud(web.positions, web.sizes, Array(n).fill(white).flat());
    if (web.attribution.length) parts.attribution = cloud(web.positions, web.attribution.map(a => 1.6 + 9 * a), web.attribution.flatMap(a => times(ramp(a), .35 + .75 * a)));
    if (web.tips.length) {
      const xyz = [], tints = [], cones = new T.InstancedMesh(new T.ConeGeometry(1, 3.4, 8).translate(0, -1.7, 0), new T.MeshBasicMaterial({color: new T.Color("#55cdae")}), n), M = new T.Matrix4(), q = new T.Quaternion(), up = new T.Vector3(0, 1, 0), size = new T.Vector3();
      for (let i = 0; i < n; i++) {
        const p = new T.Vector3().fromArray(web.positions, 3 * i), tip = new T.Vector3().fromArray(web.tips, 3 * i), v = tip.clone().sub(p), length = v.length();
        xyz.push(p.x, p.y, p.z, tip.x, tip.y, tip.z); tints.push(...times(green, .15), ...times(green, .95));
        cones.setMatrixAt(i, M.compose(tip, q.setFromUnitVectors(up, length > 0 ? v.normalize() : up), size.setScalar(Math.min(.9 * unit, length / 6))));
      }
      parts.arrows = new T.Group(); parts.arrows.add(lines(xyz, tints), cones);
    }
    for (const part of Object.values(parts)) scene.add(part);
    return {scene, parts};
  });
  const camera = new T.PerspectiveCamera(34, 1, 10 * unit, 2000 * unit); camera.position.set(255, 150, 430).setLength(600 * unit);
  const ctl = new OrbitControls(camera, canvas);
  ctl.enablePan = false; ctl.enableZoom = false; ctl.enableDamping = true; ctl.minDistance = 200 * unit; ctl.maxDistance = 900 * unit; ctl.autoRotateSpeed = .55; canvas.style.touchAction = "pan-y";
  let dirty = true, seen = true; ctl.addEventListener("change", () => dirty = true);
  const cells = [...root.children]; root.prepend(canvas);
  function draw() {
    const width = root.clientWidth, height = root.clientHeight, r0 = root.getBoundingClientRect(); gl.setSize(width, height, false);
    cells.forEach((cell, i) => {
      const r = cell.getBoundingClientRect(), x = r.left - r0.left, y = height - (r.bottom - r0.top), {scene, parts} = scenes[i];
      gl.setViewport(x, y, r.width, r.height); gl.setScissor(x, y, r.width, r.height); camera.aspect = r.width / r.height; camera.updateProjectionMatrix();
      soft.uniforms.h.value = r.height * gl.getPixelRatio() / 2 / Math.tan(camera.fov * Math.PI / 360) / 2;
      parts.links.visible = state.links && !(state.influence && parts.influence);
      if (parts.influence) parts.influence.visible = state.links && state.influence;
      parts.halos.visible = !(state.attribution && parts.attribution);
      if (parts.attribution) parts.attribution.visible = state.attribution;
      if (parts.arrows) parts.arrows.visible = state.arrows;
      gl.render(scene, camera);
    });
  }
  let last = 0;
  gl.setAnimationLoop(t => { if (!seen) { last = t; return; } ctl.autoRotate = state.turn; ctl.update(Math.min(.1, (t - last) / 1000)); last = t; if (dirty) { dirty = false; draw(); } });
  new IntersectionObserver(e => { seen = e[0].isIntersecting; dirty = true; }).observe(root); new ResizeObserver(() => dirty = true).observe(root);
  const zoom = k => { const d = camera.position.length() * k; camera.position.setLength(Math.max(ctl.minDistance, Math.min(ctl.maxDistance, d))); dirty = true; };
  const orbit = (a, b) => { const s = new T.Spherical().setFromVector3(camera.position); s.theta += a; s.phi = Math.max(.1, Math.min(3.04, s.phi + b)); camera.position.setFromSpherical(s); dirty = true; };
  root.addEventListener("keydown", e => { const act = {ArrowLeft: () => orbit(.1, 0), ArrowRight: () => orbit(-.1, 0), ArrowUp: () => orbit(0, .1), ArrowDown: () => orbit(0, -.1), "+": () => zoom(.9), "=": () => zoom(.9), "-": () => zoom(1.1)}[e.key]; if (act) { e.preventDefault(); act(); } });
  canvas.addEventListener("wheel", e => { if (e.ctrlKey || e.metaKey) { e.preventDefault(); zoom(Math.exp(e.deltaY * .004)); } }, {passive: false});
  for (const b of document.querySelectorAll("#skybtn button")) b.hidden = false;
  document.querySelector("#skybtn [data-k=turn]").setAttribute("aria-pressed", state.turn);
  window.skyAct = k => { if (k === "in") zoom(.85); else if (k === "out") zoom(1.18); else state[k] = !state[k]; dirty = true; };
  draw(); root.classList.add("live"); document.getElementById("nogl").remove();
}
